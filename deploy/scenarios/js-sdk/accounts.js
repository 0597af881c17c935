// Accounts as matrix-js-sdk has them: registration in several steps, tokens that are refreshed, logins by a token, OpenID, devices,
// profile fields, a new password, and the end of an account.
//
//   node accounts.js [URL]     or MYELIN_URL; default http://localhost:8008
import { complain, print } from "./quiet.js";
import { Broken, expect, silent } from "./expectations.js";
import { createClient } from "matrix-js-sdk";

const URL = process.argv[2] ?? process.env.MYELIN_URL ?? "http://localhost:8008";
const PASSWORD = "secret of alice";

/** The error of a request that has to fail. */
async function refused(request, status, what) {
    try {
        await request;
    } catch (error) {
        expect(error.httpStatus === status, `${what}: ${error.httpStatus} ${error.errcode} instead of ${status}`);
        return error;
    }
    throw new Broken(`${what} is allowed`);
}

function anonymous() {
    return createClient({ baseUrl: URL, logger: silent });
}

function client(session) {
    return createClient({
        baseUrl: URL,
        userId: session.user_id,
        accessToken: session.access_token,
        deviceId: session.device_id,
        logger: silent,
    });
}

/** A session keeps what the first request said. */
async function register(username) {
    const first = { username, password: PASSWORD, initial_device_display_name: "the first", refresh_token: true };
    const { session, flows } = (await refused(anonymous().registerRequest(first), 401, "a registration without a stage")).data;
    expect(flows.some((flow) => flow.stages.includes("m.login.dummy")), "nobody can register");
    const session_ = await anonymous().registerRequest({ auth: { type: "m.login.dummy", session } });
    expect(session_.user_id.startsWith(`@${username}:`), `registered as ${session_.user_id}`);
    return session_;
}

/** The token before is good until the new ones are used. */
async function refresh(session) {
    const before = session.refresh_token;
    expect(before && session.expires_in_ms > 0, "no refresh token was given");
    await anonymous().refreshToken(before); // The answer is lost.
    const next = await anonymous().refreshToken(before);
    const refreshed = client({ ...session, access_token: next.access_token });
    expect((await refreshed.whoami()).device_id === session.device_id, "the session is another one");
    await refused(client(session).whoami(), 401, "the access token before");
    return refreshed;
}

function passwordOf(alice, session) {
    const identifier = { type: "m.id.user", user: alice.getUserId() };
    return { type: "m.login.password", session, identifier, password: PASSWORD };
}

/** A session may issue tokens: for another device, and for a service. Both end with it. */
async function tokens(alice) {
    const { session } = (await refused(alice.requestLoginToken(), 401, "a login token without a password")).data;
    const issued = await alice.requestLoginToken(passwordOf(alice, session));
    const login = { type: "m.login.token", token: issued.login_token };
    const second = client(await anonymous().loginRequest(login));
    expect((await second.whoami()).user_id === alice.getUserId(), "logged in as another user");
    await refused(anonymous().loginRequest(login), 403, "a login token that was used");
    const openId = (await second.getOpenIdToken()).access_token;
    const userinfo = `${URL}/_matrix/federation/v1/openid/userinfo?access_token=${openId}`;
    expect((await (await fetch(userinfo)).json()).sub === alice.getUserId(), "OpenID names another user");
    await second.logout();
    expect((await fetch(userinfo)).status === 401, "an OpenID token outlives its session");
}

async function devicesAndProfile(alice) {
    const second = client(await anonymous().loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user: alice.getUserId() },
        password: PASSWORD,
        device_id: "SECOND",
    }));
    await alice.setDeviceDetails("SECOND", { display_name: "renamed" });
    const { devices } = await alice.getDevices();
    expect(devices.some((device) => device.device_id === "SECOND" && device.display_name === "renamed"), "no name for a device");
    const { session } = (await refused(alice.deleteDevice("SECOND"), 401, "deleting a device without a password")).data;
    await alice.deleteDevice("SECOND", passwordOf(alice, session));
    await refused(second.whoami(), 401, "a deleted device");
    await alice.setExtendedProfileProperty("org.example.pronouns", ["she", "her"]);
    const pronouns = await alice.getExtendedProfileProperty(alice.getUserId(), "org.example.pronouns");
    expect(JSON.stringify(pronouns) === '["she","her"]', `the profile's field is ${JSON.stringify(pronouns)}`);
}

async function passwordAndEnd(alice) {
    const { session } = (await refused(alice.setPassword({}, "another secret"), 401, "a password without the old one")).data;
    await alice.setPassword(passwordOf(alice, session), "another secret");
    const login = (password) => anonymous().loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user: alice.getUserId() },
        password,
    });
    await refused(login(PASSWORD), 403, "the old password");
    await login("another secret");
    await alice.deactivateAccount({ ...passwordOf(alice), password: "another secret" }, true);
    await refused(alice.whoami(), 401, "a closed account");
    await refused(login("another secret"), 403, "the password of a closed account");
}

async function scenario() {
    const session = await register(`alice-${Date.now().toString(36)}`);
    const alice = await refresh(session);
    await tokens(alice);
    await devicesAndProfile(alice);
    await passwordAndEnd(alice);
}

const began = Date.now();
try {
    await scenario();
    print(`accounts of matrix-js-sdk passed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    process.exit(0);
} catch (error) {
    complain(`accounts of matrix-js-sdk FAILED: ${error instanceof Broken ? error.message : error.stack}`);
    process.exit(1);
}
