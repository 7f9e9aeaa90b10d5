const RealDate = Date;
let offsetInMs = 0;

class ShiftedDate extends RealDate {
  static override now(): number {
    return RealDate.now() + offsetInMs;
  }

  constructor(...given: Parameters<DateConstructor["UTC"]> | [] | [string | Date]) {
    super(...((given.length === 0 ? [ShiftedDate.now()] : given) as [number]));
  }
}

/** Puts the wall clock of this process forward, for good. Timers and `performance.now()` go on in real time. */
export function shiftClock(forwardInMs: number): void {
  offsetInMs += forwardInMs;
  globalThis.Date = ShiftedDate as DateConstructor;
}
