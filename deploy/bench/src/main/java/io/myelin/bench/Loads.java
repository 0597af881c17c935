package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The scenarios in which each user repeats one operation. */
final class Loads {

    private Loads() {}

    /** Users send into rooms, user i into room i modulo {@code rooms}. */
    static Result sends(ScenarioRun stage, int users, int rooms) throws IOException, InterruptedException {
        var clients = stage.register(users);
        var roomIds = populate(stage, clients, Math.min(users, rooms));
        var workers = new ArrayList<Worker>();
        for (var i = 0; i < users; i++) {
            var client = clients.get(i);
            var roomId = roomIds.get(i % roomIds.size());
            // Transaction IDs are scoped to a device, so that users may use the same ones.
            var template = client.sending(roomId, "bench" + NumberedRequest.NUMBER, "The quick brown fox jumps over");
            workers.add(Worker.numbering(client, new NumberedRequest(template)));
        }
        return stage.measure(workers);
    }

    static Result initialSync(ScenarioRun stage) throws IOException, InterruptedException {
        var clients = stage.register(stage.users(1));
        var rooms = stage.rooms(100);
        stage.progress("creating " + rooms + " rooms with 5 messages each");
        var owner = clients.getFirst();
        for (var room = 0; room < rooms; room++) {
            var roomId = owner.createPublicRoom();
            for (var message = 0; message < 5; message++) {
                owner.send(roomId, "m" + room + "-" + message, "message " + message);
            }
            for (var other : clients.subList(1, clients.size())) {
                other.join(roomId);
            }
        }
        // Each request has a new filter that changes nothing, so that servers cannot answer from a cache.
        var filter = "{\"presence\":{\"not_senders\":[\"@" + NumberedRequest.NUMBER + ":nowhere\"]}}";
        var path = "/sync?timeout=0&filter=" + Request.encode(filter);
        return stage.measure(clients.stream()
                .map(client -> Worker.numbering(client, new NumberedRequest(client.get(path))))
                .toList());
    }

    static Result join(ScenarioRun stage) throws IOException, InterruptedException {
        var clients = stage.register(stage.users(64));
        var owner = stage.register("owner");
        var count = stage.rooms(50);
        stage.progress("creating " + count + " rooms");
        var roomIds = new ArrayList<String>();
        for (var room = 0; room < count; room++) {
            roomIds.add(owner.createPublicRoom());
        }
        var workers = new ArrayList<Worker>();
        for (var client : clients) {
            workers.add(new Worker(
                    client, number -> number < roomIds.size() ? client.joining(roomIds.get((int) number)) : null));
        }
        return stage.measureAll(workers);
    }

    static Result create(ScenarioRun stage) throws IOException, InterruptedException {
        var workers = new ArrayList<Worker>();
        for (var client : stage.register(stage.users(8))) {
            var request = client.post("/createRoom", "{\"preset\":\"private_chat\",\"name\":\"bench\"}");
            workers.add(Worker.repeating(client, request));
        }
        return stage.measure(workers);
    }

    static Result messages(ScenarioRun stage) throws IOException, InterruptedException {
        var clients = stage.register(stage.users(16));
        var roomId = populate(stage, clients, 1).getFirst();
        stage.progress("sending 200 messages");
        for (var message = 0; message < 200; message++) {
            clients.getFirst().send(roomId, "m" + message, "message " + message);
        }
        return stage.measure(repeating(clients, "/rooms/" + Request.encode(roomId) + "/messages?dir=b&limit=100"));
    }

    static Result state(ScenarioRun stage) throws IOException, InterruptedException {
        var clients = stage.register(stage.users(64));
        var roomIds = populate(stage, clients, clients.size());
        var workers = new ArrayList<Worker>();
        for (var i = 0; i < clients.size(); i++) {
            var path = "/rooms/" + Request.encode(roomIds.get(i)) + "/state/m.room.name";
            workers.add(Worker.repeating(clients.get(i), clients.get(i).get(path)));
        }
        return stage.measure(workers);
    }

    static Result syncNothing(ScenarioRun stage) throws IOException, InterruptedException {
        var clients = stage.register(stage.users(64));
        populate(stage, clients, clients.size());
        var tokens = stage.prepare(clients.size(), i -> clients.get(i).sync());
        var workers = new ArrayList<Worker>();
        for (var i = 0; i < clients.size(); i++) {
            var path = "/sync?timeout=0&since=" + Request.encode(tokens.get(i));
            workers.add(Worker.repeating(clients.get(i), clients.get(i).get(path)));
        }
        return stage.measure(workers);
    }

    static Result versions(ScenarioRun stage) throws IOException, InterruptedException {
        var workers = new ArrayList<Worker>();
        for (var i = 0; i < stage.users(64); i++) {
            var client = stage.anonymous(i);
            workers.add(Worker.repeating(client, client.getUnversioned("/_matrix/client/versions")));
        }
        return stage.measure(workers);
    }

    /** Makes {@code count} rooms, room i that of user i, and lets user i join room i modulo {@code count}. */
    static List<String> populate(ScenarioRun stage, List<Client> clients, int count)
            throws IOException, InterruptedException {
        stage.progress("creating " + count + (count == 1 ? " room" : " rooms"));
        var roomIds = stage.prepare(count, room -> clients.get(room).createPublicRoom());
        stage.prepare(clients.size() - count, i -> {
            var user = i + count;
            clients.get(user).join(roomIds.get(user % count));
            return user;
        });
        return roomIds;
    }

    private static List<Worker> repeating(List<Client> clients, String path) {
        return clients.stream()
                .map(client -> Worker.repeating(client, client.get(path)))
                .toList();
    }
}
