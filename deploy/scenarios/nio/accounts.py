"""What matrix-nio does with accounts: devices that are named and deleted by password, profiles, OpenID, and logouts.

    python accounts.py [URL]     or MYELIN_URL; default http://localhost:8008
"""

import asyncio
import sys
import time

import nio
from scenario import URL, Broken, done, expect

PASSWORD = "secret of alice"


async def logged_in(name, device):
    client = nio.AsyncClient(URL, name, device_id=device)
    done(await client.login(PASSWORD, device_name=f"{device} of {name}"), nio.LoginResponse, f"login on {device}")
    return client


async def deletes_a_device(client, name, other):
    challenge = await client.delete_devices([other])
    done(challenge, nio.DeleteDevicesAuthResponse, "deleting a device without a password")
    auth = {
        "type": "m.login.password",
        "session": challenge.session,
        "identifier": {"type": "m.id.user", "user": name},
        "password": PASSWORD,
    }
    done(await client.delete_devices([other], auth=auth), nio.DeleteDevicesResponse, "deleting a device")
    devices = done(await client.devices(), nio.DevicesResponse, "devices").devices
    expect(other not in [device.id for device in devices], "a deleted device is still there")


async def scenario():
    name = f"alice-{int(time.time() * 1000):x}"
    first = nio.AsyncClient(URL, name)
    done(await first.register(name, PASSWORD, "the first"), nio.RegisterResponse, "registering")
    refused = await nio.AsyncClient(URL, name).login("wrong")
    expect(isinstance(refused, nio.LoginError), f"a wrong password logs in: {refused}")
    second = await logged_in(name, "SECOND")
    expect((await second.whoami()).device_id == "SECOND", "whoami does not name the device")
    done(await first.update_device("SECOND", {"display_name": "renamed"}), nio.UpdateDeviceResponse, "naming a device")
    devices = done(await first.devices(), nio.DevicesResponse, "devices").devices
    expect("renamed" in [device.display_name for device in devices], "the device has not its new name")
    done(await first.set_displayname("Alice"), nio.ProfileSetDisplayNameResponse, "display name")
    done(await first.set_avatar("mxc://example.org/alice"), nio.ProfileSetAvatarResponse, "avatar")
    profile = done(await second.get_profile(first.user_id), nio.ProfileGetResponse, "profile")
    expect(profile.displayname == "Alice" and profile.avatar_url, f"the profile is {profile}")
    token = done(await first.get_openid_token(first.user_id), nio.GetOpenIDTokenResponse, "OpenID")
    expect(token.access_token and token.expires_in > 0, f"the OpenID token is {token}")
    await deletes_a_device(first, name, "SECOND")
    expect(isinstance(await second.whoami(), nio.WhoamiError), "a deleted device is still logged in")
    third = await logged_in(name, "THIRD")
    done(await first.logout(all_devices=True), nio.LogoutResponse, "logout")
    expect(isinstance(await third.whoami(), nio.WhoamiError), "a device is logged in after a logout of all")
    for client in (first, second, third):
        await client.close()


def main():
    began = time.monotonic()
    try:
        asyncio.run(scenario())
    except (Broken, AssertionError, TimeoutError) as broken:
        sys.exit(f"matrix-nio accounts FAILED: {broken}")
    print(f"matrix-nio accounts passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
