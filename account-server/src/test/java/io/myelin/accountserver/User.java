package io.myelin.accountserver;

/** A user whose password is {@code secret}, with a session. */
record User(String name, MatrixClient client, String token) {

    String id() {
        return "@" + name + ":localhost";
    }

    String path() {
        return "/user/" + id();
    }

    /** The user's password, as user-interactive authentication takes it. */
    String auth() {
        return "{\"type\":\"m.login.password\",\"identifier\":{\"type\":\"m.id.user\",\"user\":\"%s\"},\"password\":\"secret\"}"
                .formatted(name);
    }
}
