import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { MerchantsModule } from '../merchants/merchants.module.js';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { WorkerRegistry } from '../platform/workers/worker.js';
import { LiveConnections } from './live-connections.js';
import { LiveOpening } from './live-opening.js';
import { LiveResumption } from './live-resumption.js';
import { LiveLog, LiveTerms } from './live-terms.js';
import { LiveStanding, LiveTimes, LiveWatchWorker } from './live-watch.worker.js';
import { liveProblems } from './live.rejections.js';
import { LiveSubscription } from './live.subscription.js';
import { LiveSocketController } from './sockets/live-socket.controller.js';
import { LiveSockets, SocketSite } from './sockets/live-sockets.js';
import { SocketDoor } from './sockets/socket-door.js';
import { LiveStreamController } from './sse/live-stream.controller.js';

/** Tells what happens as it happens, to whoever is connected. */
@Module({
  imports: [AccessModule, MerchantsModule],
  controllers: [LiveStreamController, LiveSocketController],
  providers: [
    LiveTerms,
    LiveLog,
    LiveStanding,
    LiveTimes,
    LiveConnections,
    LiveSubscription,
    LiveResumption,
    LiveOpening,
    LiveWatchWorker,
    SocketDoor,
    SocketSite,
    LiveSockets,
  ],
})
export class LiveModule implements OnModuleInit {
  constructor(
    problems: ProblemCatalog,
    private readonly workers: WorkerRegistry,
    private readonly subscription: LiveSubscription,
    private readonly watch: LiveWatchWorker,
  ) {
    // At once: the document of the API is written without starting anything.
    problems.register(liveProblems);
  }

  onModuleInit(): void {
    this.workers.register(this.subscription);
    this.workers.register(this.watch);
  }
}
