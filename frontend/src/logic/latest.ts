/** Asks for something again and again; of several requests under way only the latest counts. */
export interface Answer<T> {
  readonly loading: boolean;
  /** What was answered last stays visible while the next answer is awaited. */
  readonly value: T | null;
  readonly error: unknown;
}

const NONE = { loading: false, value: null, error: null } as const;

export class Latest<T> {
  state: Answer<T> = NONE;
  private latest = 0;

  constructor(private readonly changed: () => void) {}

  /** With `after` only once nobody asked for something else for so many milliseconds. */
  async ask(request: () => Promise<T>, after = 0): Promise<void> {
    const ticket = ++this.latest;
    this.set({ ...this.state, loading: true });
    if (after > 0) await new Promise((done) => setTimeout(done, after));
    if (ticket !== this.latest) return;
    try {
      const value = await request();
      if (ticket === this.latest) this.set({ loading: false, value, error: null });
    } catch (error) {
      if (ticket === this.latest) this.set({ ...this.state, loading: false, error });
    }
  }

  /** Nobody wants to know any more. */
  forget(): void {
    this.latest += 1;
    if (this.state !== NONE) this.set(NONE);
  }

  private set(state: Answer<T>): void {
    this.state = state;
    this.changed();
  }
}
