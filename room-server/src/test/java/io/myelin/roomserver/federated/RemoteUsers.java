package io.myelin.roomserver.federated;

import io.myelin.matrix.id.UserId;

/** Users of two other servers who take part in the rooms of tests. */
public final class RemoteUsers {
    public static final RemoteServer ONE = RemoteServer.named("one.example");
    public static final RemoteServer TWO = RemoteServer.named("two.example");
    public static final UserId CARL = ONE.user("carl");
    public static final UserId ERIN = ONE.user("erin");
    public static final UserId DORA = TWO.user("dora");

    private RemoteUsers() {}
}
