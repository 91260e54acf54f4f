/** A month's bill, arranged for reading. */
import { equal, sum } from "./decimal.ts";
import type { Amounts, Bill, Line } from "./protocol.ts";

export function linesOf(bill: Bill, driverId: string | null): Line[] {
  return bill.lines
    .filter((line) => line.driver_id === driverId)
    .sort((a, b) => a.started_at.localeCompare(b.started_at) || a.id.localeCompare(b.id));
}

/** Drivers with a line that waits for a decision. */
export function driversToReview(bill: Bill): (string | null)[] {
  return bill.drivers
    .map((driver) => driver.driver_id)
    .filter((id) => bill.lines.some((line) => line.driver_id === id && line.review));
}

/** Whether the drivers' rows give exactly the printed total. */
export function addsUp({ drivers, total }: Bill): boolean {
  const paid: readonly Amounts[] = drivers.map((driver) => driver.amounts);
  const currencies = new Set([...paid, total.amounts].flatMap((amounts) => Object.keys(amounts)));
  return (
    [...currencies].every((code) =>
      equal(sum(paid.map((amounts) => amounts[code] ?? "0")), total.amounts[code] ?? "0"),
    ) &&
    equal(sum(drivers.map((driver) => driver.energy_wh)), total.energy_wh) &&
    drivers.reduce((count, driver) => count + driver.sessions, 0) === total.sessions
  );
}

/** The exact sum of a line's periods where it was rounded to give the line's amount, else null. */
export function unrounded(line: Line): string | null {
  const exact = sum(line.periods.map((period) => period.amount));
  return line.periods.length === 0 || equal(exact, line.amount) ? null : exact;
}

export function isEmpty(bill: Bill): boolean {
  return bill.lines.length === 0 && bill.drivers.every((driver) => driver.sessions === 0);
}
