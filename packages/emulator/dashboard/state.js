// The emulator's state as it was last told, and what follows from it.

let state;
let receivedAt = 0;

/** Takes over what the emulator tells. */
export function receiveState(news) {
  state = news;
  receivedAt = Date.now();
}

/** The state; `undefined` before the first event. */
export function current() {
  return state;
}

/** The emulator's time, reckoned on since it was last told. */
export function now() {
  return state.clock.frozen ? state.clock.now : state.clock.now + Date.now() - receivedAt;
}

/** The identities of the emulated app, each with its kind. */
export function identities() {
  const { systemAssigned, userAssigned } = state.identities;
  return [
    ...(systemAssigned ? [{ ...systemAssigned, kind: "system-assigned" }] : []),
    ...userAssigned.map((identity) => ({ ...identity, kind: "user-assigned" })),
  ];
}
