/** Hours of every day in which a bank is known to be in maintenance, in minutes after midnight in Caracas. */
export interface MaintenanceHours {
  readonly fromMinute: number;
  /** May be less than `fromMinute`: the hours then go over midnight. */
  readonly toMinute: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
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

const withinADay = (ms: number): number => ((ms % DAY_MS) + DAY_MS) % DAY_MS;

/** How long ago the clocks of Caracas last showed a time of day. */
const sinceMs = (minute: number, now: Date): number =>
  withinADay(now.getTime() + (CARACAS_OFFSET_MINUTES - minute) * MINUTE_MS);

const lastsMs = ({ fromMinute, toMinute }: MaintenanceHours): number =>
  withinADay((toMinute - fromMinute) * MINUTE_MS);

/** How long the maintenance still lasts; 0 outside of it. */
export function maintenanceLeftMs(hours: MaintenanceHours | null, now: Date): number {
  if (hours === null) return 0;
  return Math.max(0, lastsMs(hours) - sinceMs(hours.fromMinute, now));
}

/** When so much time has passed since an instant, of which none counts that is maintenance. */
export function afterOpenTime(hours: MaintenanceHours | null, from: Date, forMs: number): Date {
  if (hours === null) return new Date(from.getTime() + forMs);
  const openMs = from.getTime() + maintenanceLeftMs(hours, from);
  const openADayMs = DAY_MS - lastsMs(hours);
  // Counted from the end of a maintenance, so that each day holds the same.
  const openedMs = sinceMs(hours.toMinute, new Date(openMs));
  const days = Math.floor((openedMs + forMs) / openADayMs);
  return new Date(openMs + forMs + days * lastsMs(hours));
}
