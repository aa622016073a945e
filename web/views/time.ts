/** Formats times in the reader's zone and language: short on the page, exact on hover. */

/** A reader's time zone and language. */
export interface Zone {
  readonly locale: string;
  readonly timeZone: string;
}

export interface Clock {
  /** `14:05` */
  time(at: number): string;
  /** `Saturday, 31 January 2026 at 14:05:12 CET` */
  exact(at: number): string;
  /** `2026-01-31`: equal for times on the same day. */
  dayKey(at: number): string;
  /** `Today`, `Yesterday`, `Saturday, 31 January`, with the year unless it is the current one. */
  dayName(at: number, now: number): string;
}

const MAX_CLOCKS = 200;
const DAY_MS = 86_400_000;
const clocks = new Map<string, Clock>();

/** Replaces an unknown time zone by UTC, and a language other than English by British English. */
export const soundZone = ({ locale, timeZone }: Partial<Zone>): Zone => {
  const isSound = (make: () => unknown): boolean => {
    try {
      make();
      return true;
    } catch {
      return false;
    }
  };
  return {
    locale: locale?.startsWith('en') && isSound(() => new Intl.DateTimeFormat(locale)) ? locale : 'en-GB',
    timeZone: timeZone && isSound(() => new Intl.DateTimeFormat('en', { timeZone })) ? timeZone : 'UTC',
  };
};

/** The key of the day before. Computed in UTC, because a local day has 23 or 25 hours when clocks change. */
const dayBefore = (key: string): string => new Date(Date.parse(key) - DAY_MS).toISOString().slice(0, 10);

const createClock = ({ locale, timeZone }: Zone): Clock => {
  const format = (options: Intl.DateTimeFormatOptions, language = locale) => {
    const formatter = new Intl.DateTimeFormat(language, { timeZone, ...options });
    return (at: number) => formatter.format(at);
  };
  const time = format({ hour: 'numeric', minute: '2-digit' });
  const exact = format({ dateStyle: 'full', timeStyle: 'long' });
  const dayKey = format({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA');
  const day = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayOfYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const dayName = (at: number, now: number): string => {
    const key = dayKey(at);
    const today = dayKey(now);
    if (key === today) return 'Today';
    if (key === dayBefore(today)) return 'Yesterday';
    return key.slice(0, 4) === today.slice(0, 4) ? day(at) : dayOfYear(at);
  };
  return { time, exact, dayKey, dayName };
};

/** The clock of a valid zone. Formatters are expensive to create, so a bounded number of clocks is cached. */
export const clockOf = (zone: Zone): Clock => {
  const key = `${zone.locale} ${zone.timeZone}`;
  const known = clocks.get(key);
  if (known) return known;
  if (clocks.size >= MAX_CLOCKS) clocks.clear();
  const clock = createClock(zone);
  clocks.set(key, clock);
  return clock;
};
