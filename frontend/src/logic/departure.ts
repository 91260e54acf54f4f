/** A departure as a day and a time by the site's clock: "2026-11-30T07:00"; "" is none. */

/** Where nobody said when a car leaves, a day alone means this time. */
const USUAL = "07:00";
const DAY_MS = 24 * 60 * 60 * 1000;

export const dayOf = (at: string): string => at.slice(0, 10);
export const timeOf = (at: string): string => at.slice(11);

/** At the same time on another day. */
export function onDay(at: string, day: string): string {
  return day && `${day}T${timeOf(at) || USUAL}`;
}

/** At another time of the same day; the next such time where that has passed, or there was no day. */
export function atTime(at: string, time: string, now: string): string {
  if (!time) return "";
  const today = dayOf(now);
  const day = dayOf(at) > today ? dayOf(at) : today;
  const moved = `${day}T${time}`;
  return moved > now ? moved : `${following(day)}T${time}`;
}

/** The day after. */
export function following(day: string): string {
  return dayOf(new Date(Date.parse(day) + DAY_MS).toISOString());
}
