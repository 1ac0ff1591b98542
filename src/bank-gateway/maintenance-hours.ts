/** Hours of every day in which a bank is known to be in maintenance, in minutes after midnight in Caracas. */
export interface MaintenanceHours {
  readonly fromMinute: number;
  /** May be less than `fromMinute`: the hours then go over midnight. */
  readonly toMinute: number;
}

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;
// Caracas keeps UTC-4 all year.
const CARACAS_OFFSET_MINUTES = -240;
const SHAPE = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `02:00-06:00`; null for the empty text, which means none, undefined for any other shape. */
export function parseMaintenanceHours(text: string): MaintenanceHours | null | undefined {
  if (text === '') return null;
  const [, ...parts] = SHAPE.exec(text) ?? [];
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number);
  if (fromHour === undefined || fromMinute === undefined) return undefined;
  if (toHour === undefined || toMinute === undefined) return undefined;
  const hours = { fromMinute: fromHour * 60 + fromMinute, toMinute: toHour * 60 + toMinute };
  return hours.fromMinute === hours.toMinute ? undefined : hours;
}

const afterMidnight = (minutes: number): number =>
  ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;

/** How long the maintenance still lasts; 0 outside of it. */
export function maintenanceLeftMs(hours: MaintenanceHours | null, now: Date): number {
  if (hours === null) return 0;
  const minute = afterMidnight(now.getTime() / MINUTE_MS + CARACAS_OFFSET_MINUTES);
  const sinceBegin = afterMidnight(minute - hours.fromMinute);
  const lasts = afterMidnight(hours.toMinute - hours.fromMinute);
  return sinceBegin < lasts ? Math.ceil((lasts - sinceBegin) * MINUTE_MS) : 0;
}
