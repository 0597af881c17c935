// What the scenarios share: what they expect, and a logger that says nothing.
import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 60_000;

export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, getChild: () => silent };

/** What the server must do and did not. */
export class Broken extends Error {}

export function expect(condition, message) {
    if (!condition) throw new Broken(message);
}

/** What `ask` gives as soon as it is something. */
export async function eventually(ask, what) {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
        const found = await ask();
        if (found) return found;
        expect(Date.now() < end, `not within ${DEADLINE_MS / 1000} s: ${what}`);
        await sleep(50);
    }
}
