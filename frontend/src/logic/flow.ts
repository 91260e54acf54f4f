/** Where the site's charging power goes at this moment. */
import { byName, type Live } from "./live.ts";

export interface Share {
  readonly id: string;
  readonly label: string;
  readonly watts: number;
  /** Its place among all EVSEs: the colour and pattern it keeps. */
  readonly index: number;
}

export interface Flow {
  readonly watts: number;
  readonly shares: readonly Share[];
}

/**
 * The shares add up to the total; where no EVSE reports power, the site's own figure stands alone.
 * null: nothing is known.
 */
export function flow(live: Live): Flow | null {
  const evses = byName(live);
  const shares = evses
    .map((evse, index): Share => {
      const driver = evse.session?.driver?.name;
      return { id: evse.id, label: driver ? `${driver} · ${evse.name}` : evse.name, watts: evse.power_w ?? 0, index };
    })
    .filter((share) => share.watts > 0);
  const measured = evses.some((evse) => evse.power_w !== null);
  const watts = measured ? shares.reduce((total, share) => total + share.watts, 0) : live.site.power_w;
  return watts === null ? null : { watts, shares };
}
