/** Fetches one month of one sheet; of several requests under way only the latest counts. */
import type { Hass } from "./hass.ts";
import type { Bill } from "./protocol.ts";
import type { BillQuery } from "./routing.ts";

export interface BillState {
  readonly loading: boolean;
  /** The last bill read stays visible while the next one loads. */
  readonly bill: Bill | null;
  readonly error: unknown;
}

export class BillLoader {
  state: BillState = { loading: false, bill: null, error: null };
  private latest = 0;

  constructor(private readonly changed: () => void) {}

  async load(hass: Pick<Hass, "callWS">, query: BillQuery): Promise<void> {
    const ticket = ++this.latest;
    this.set({ ...this.state, loading: true });
    try {
      const bill = await hass.callWS<Bill>({ type: "ev_station/billing", ...query });
      if (ticket === this.latest) this.set({ loading: false, bill, error: null });
    } catch (error) {
      if (ticket === this.latest) this.set({ ...this.state, loading: false, error });
    }
  }

  private set(state: BillState): void {
    this.state = state;
    this.changed();
  }
}
