package io.myelin.bench;

import java.io.IOException;

/** The scenarios that can be measured. */
enum Scenario {
    SEND_SERIAL("send-serial", "one client sends one message after another", stage -> Loads.sends(stage, 1, 1)),
    SEND_PARALLEL(
            "send-parallel",
            "64 users send in 64 rooms; --users, --rooms",
            stage -> Loads.sends(stage, stage.users(64), stage.rooms(stage.users(64)))),
    SEND_ONE_ROOM(
            "send-one-room", "64 users send in one room; --users", stage -> Loads.sends(stage, stage.users(64), 1)),
    FAN_OUT(
            "fan-out",
            "50 members (--users) long-poll while one sends with pauses of 50 ms: the time until each sees it",
            FanOut::run),
    IDLE_SYNCS(
            "idle-syncs",
            "10,000 parked long polls (--users) of 100 accounts (--accounts): time to park, memory",
            IdleSyncs::run),
    PRESENCE(
            "presence",
            "10,000 users (--users) parked, first offline, then online: what presence costs",
            IdleSyncs::presence),
    INITIAL_SYNC("initial-sync", "the first /sync of an account in 100 rooms; --users, --rooms", Loads::initialSync),
    JOIN("join", "64 users (--users) each join 50 public rooms (--rooms)", Loads::join),
    CREATE("create", "8 users (--users) create rooms", Loads::create),
    MESSAGES("messages", "16 users (--users) read /messages?limit=100 of one room", Loads::messages),
    STATE("state", "64 users (--users) read one state event of a room of their own", Loads::state),
    SYNC_NOTHING("sync-nothing", "64 users (--users) ask /sync?since=…&timeout=0, nothing new", Loads::syncNothing),
    KEY_BURST(
            "key-burst",
            "500 users (--users) at once upload keys, query those of 20 others and claim one of each",
            KeyBurst::run),
    VERSIONS("versions", "64 connections (--users) ask /versions: what HTTP itself costs", Loads::versions);

    /** Prepares and measures. */
    interface Script {
        Result run(ScenarioRun stage) throws IOException, InterruptedException;
    }

    private final String label;
    private final String description;
    private final Script script;

    Scenario(String label, String description, Script script) {
        this.label = label;
        this.description = description;
        this.script = script;
    }

    String label() {
        return label;
    }

    String description() {
        return description;
    }

    Result run(ScenarioRun stage) throws IOException, InterruptedException {
        return script.run(stage);
    }
}
