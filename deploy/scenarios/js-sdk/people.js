// A person with devices of matrix-js-sdk's Rust crypto.
import { silent } from "./expectations.js";
import { ClientEvent, createClient, SyncState } from "matrix-js-sdk";

export const URL = process.argv[2] ?? process.env.MYELIN_URL ?? "http://localhost:8008";

/** Stands for the media repository, in which shared history travels: the server under test may have none. All other requests go to that. */
const uploaded = new Map();

function withMedia(input, init) {
    const path = new globalThis.URL(input).pathname;
    if (path === "/_matrix/media/v3/upload") {
        const id = `bundle${uploaded.size}`;
        uploaded.set(id, new Blob([init.body]));
        return Promise.resolve(Response.json({ content_uri: `mxc://scenario.invalid/${id}` }));
    }
    const wanted = path.match("^/_matrix/client/v1/media/download/scenario.invalid/(bundle[0-9]+)$")?.[1];
    return wanted ? Promise.resolve(new Response(uploaded.get(wanted))) : fetch(input, init);
}

/** A person, their password and the key of their secret storage, which each of their devices can be given. */
export class Person {
    /** The devices that have no network now. */
    away = new Set();

    constructor(name) {
        this.name = `${name}-${Date.now().toString(36)}`;
        this.password = `secret of ${name}`;
    }

    async register() {
        const anonymous = createClient({ baseUrl: URL, logger: silent });
        const auth = { type: "m.login.dummy" };
        await anonymous.registerRequest({ username: this.name, password: this.password, auth, inhibit_login: true });
    }

    /** A new device, logged in and syncing. */
    async device() {
        const anonymous = createClient({ baseUrl: URL, logger: silent });
        const identifier = { type: "m.id.user", user: this.name };
        const session = await anonymous.loginRequest({ type: "m.login.password", identifier, password: this.password });
        this.userId = session.user_id;
        const client = createClient({
            baseUrl: URL,
            userId: session.user_id,
            accessToken: session.access_token,
            deviceId: session.device_id,
            logger: silent,
            fetchFn: (...request) => (this.away.has(session.device_id) ? Promise.reject(new TypeError("away")) : withMedia(...request)),
            cryptoCallbacks: { getSecretStorageKey: async ({ keys }) => [Object.keys(keys)[0], this.storageKey] },
        });
        await client.initRustCrypto({ useIndexedDB: false });
        const synced = new Promise((resolve) => client.on(ClientEvent.Sync, (state) => state === SyncState.Syncing && resolve()));
        await client.startClient({ initialSyncLimit: 20 });
        await synced;
        return client;
    }

    /** Proves who asks, as the user-interactive authentication demands it. */
    get proof() {
        return (ask) => ask(this.proofIn());
    }

    /** The same, within a session of the authentication if there is one. */
    proofIn(session) {
        return { type: "m.login.password", identifier: { type: "m.id.user", user: this.name }, password: this.password, session };
    }
}
