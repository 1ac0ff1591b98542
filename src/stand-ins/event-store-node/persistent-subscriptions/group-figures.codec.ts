import messages, { type SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb.js';
import type { PersistentGroup } from './group.js';

/** What the server tells of a group. */
export function groupFigures(group: PersistentGroup): SubscriptionInfo {
  const { definition, open, consumers, source } = group;
  const { settings } = definition;
  const describe = (place: number | null): string => (place === null ? '' : source.describe(place));
  return new messages.SubscriptionInfo()
    .setEventSource(definition.stream)
    .setGroupName(definition.group)
    .setStatus(group.isLive ? 'Live' : 'Behind')
    .setConnectionsList(consumers.all.map(connectionInfo))
    .setTotalItems(String(group.processedCount))
    .setCountSinceLastMeasurement('0')
    .setLastCheckpointedEventPosition(describe(group.checkpoint.place))
    .setLastKnownEventPosition(describe(group.lastKnownPlace))
    .setResolveLinkTos(settings.resolveLinks)
    .setStartFrom(startFromOf(group))
    .setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkpointAfterMs)
    .setMinCheckPointCount(settings.minCheckpointCount)
    .setMaxCheckPointCount(settings.maxCheckpointCount)
    .setReadBufferCount(group.waitingCount)
    .setLiveBufferCount('0')
    .setRetryBufferCount(open.retryCount)
    .setTotalInFlightMessages(open.sentCount)
    .setOutstandingMessagesCount(open.sentCount)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setParkedMessageCount(String(group.parked.count));
}

/** The server writes START as 0 and END as -1. */
function startFromOf({ definition, isOnAll, source }: PersistentGroup): string {
  const { startFrom } = definition;
  if (startFrom === 'end') return source.describe(-1);
  const place = startFrom === 'start' ? 0 : Number(startFrom);
  return isOnAll ? source.describe(place) : String(place);
}

function connectionInfo({
  consumer,
  open,
}: PersistentGroup['consumers']['all'][number]): SubscriptionInfo.ConnectionInfo {
  return new messages.SubscriptionInfo.ConnectionInfo()
    .setConnectionName(consumer.name)
    .setUsername('anonymous')
    .setTotalItems('0')
    .setCountSinceLastMeasurement('0')
    .setAvailableSlots(consumer.slots - open.size)
    .setInFlightMessages(open.size);
}
