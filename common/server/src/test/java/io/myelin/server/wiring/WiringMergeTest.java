package io.myelin.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Topic;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.kafka.KafkaFigures.TopicFigures;
import io.myelin.server.service.Probe;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.wiring.ProcessReport.ComponentReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WiringMergeTest {
    private static final List<ServiceDescription> SERVICES = List.of(
            new SomeService("some-writer", Role.WRITER, List.of(), List.of(RoomTopics.INPUT)),
            new SomeService("some-server", Role.SERVER, List.of(RoomTopics.INPUT), List.of(RoomTopics.OUTPUT)),
            new SomeService("some-reader", Role.READER, List.of(RoomTopics.OUTPUT), List.of()));

    private record SomeService(String name, Role role, List<Topic<?>> reads, List<Topic<?>> writes)
            implements ServiceDescription {
        @Override
        public Class<?> configuration() {
            return SomeService.class;
        }

        @Override
        public int heapMegabytes() {
            return 1;
        }

        @Override
        public Probe probe() {
            return Probe.get("/");
        }
    }

    private static final ProcessReport WRITER = process(
            "some-writer#1",
            new ComponentReport("some-writer", true, null, 70),
            List.of(new TopicFigures("room.input", 500, 0, 0)),
            Map.of(),
            Map.of(),
            null,
            Map.of("inFlight", 3L));

    private static final ProcessReport SERVER = process(
            "some-server#1",
            new ComponentReport("some-server", true, 2, 0),
            List.of(new TopicFigures("room.input", 0, 480, 20), new TopicFigures("room.output", 600, 0, 0)),
            Map.of("room.output", Map.of(0, 300L, 1, 310L)),
            Map.of(),
            true,
            Map.of("rooms", 12L));

    private static ProcessReport reader(int number, long atFirst, long atSecond) {
        return process(
                "some-reader#" + number,
                new ComponentReport("some-reader", true, null, 7),
                List.of(new TopicFigures("room.output", 0, 590, 0)),
                Map.of(),
                Map.of("room.output", Map.of(0, atFirst, 1, atSecond)),
                null,
                Map.of("parked", 40L));
    }

    private static ProcessReport process(
            String instance,
            ComponentReport component,
            List<TopicFigures> topics,
            Map<String, Map<Integer, Long>> committed,
            Map<String, Map<Integer, Long>> applied,
            @Nullable Boolean database,
            Map<String, Long> figures) {
        return new ProcessReport(
                instance, 1, 1_000, List.of(component), topics, committed, applied, true, database, figures);
    }

    private static WiringSnapshot draw(ProcessReport... processes) {
        return new WiringMerge(SERVICES, List.of(processes), Map.of()).snapshot(5_000, "example.org");
    }

    private static WiringSnapshot.Topic topic(WiringSnapshot snapshot, String name) {
        return snapshot.topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static WiringSnapshot.Part part(WiringSnapshot snapshot, String name) {
        return snapshot.components().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void addsUpWhatProcessesSayOfATopic() {
        assertThat(topic(draw(WRITER, SERVER), "room.input"))
                .isEqualTo(new WiringSnapshot.Topic("room.input", 500, 480, 20));
    }

    @Test
    void measuresTheLagOfAnOutputTopicByItsSlowestReader() {
        WiringSnapshot snapshot = draw(SERVER, reader(1, 300, 310), reader(2, 290, 309));

        assertThat(topic(snapshot, "room.output").lag()).isEqualTo(11);
    }

    @Test
    void seesNoLagWhereAReaderKnowsMoreThanAnOwnerHasSaidYet() {
        assertThat(topic(draw(SERVER, reader(1, 301, 311)), "room.output").lag())
                .isZero();
    }

    @Test
    void showsEachInstanceOfAComponent() {
        WiringSnapshot.Part reader = part(draw(SERVER, reader(1, 0, 0), reader(2, 0, 0)), "some-reader");

        assertThat(reader.instances())
                .extracting(WiringSnapshot.Instance::name)
                .containsExactly("some-reader#1", "some-reader#2");
        assertThat(reader.requests()).isEqualTo(14);
        assertThat(reader.role()).isEqualTo("reader");
    }

    @Test
    void showsWhoDoesNotAnswerAsNotHealthy() {
        WiringSnapshot snapshot = new WiringMerge(
                        SERVICES, List.of(WRITER), Map.of("some-server", List.of("some-server#2")))
                .snapshot(5_000, "example.org");

        assertThat(part(snapshot, "some-server").instances())
                .containsExactly(new WiringSnapshot.Instance("some-server#2", false, -1, 0, 0));
        assertThat(snapshot.apart()).isTrue();
    }

    @Test
    void leavesOutWhatNobodyRuns() {
        WiringSnapshot snapshot = draw(SERVER);

        assertThat(snapshot.components()).extracting(WiringSnapshot.Part::name).containsExactly("some-server");
        assertThat(snapshot.topics())
                .extracting(WiringSnapshot.Topic::name)
                .containsExactly("room.input", "room.output");
        assertThat(snapshot.apart()).isFalse();
    }

    @Test
    void sumsWhatIsEachProcessesOwnAndNotWhatAllCountInOneDatabase() {
        WiringSnapshot snapshot = draw(SERVER, SERVER, reader(1, 0, 0), reader(2, 0, 0));

        assertThat(snapshot.figures()).containsEntry("rooms", 12L).containsEntry("parked", 80L);
    }

    @Test
    void takesTheDatabaseForDownWhenNobodyReachesIt() {
        assertThat(draw(WRITER).engines())
                .containsExactly(
                        new WiringSnapshot.Engine("PostgreSQL", false), new WiringSnapshot.Engine("Kafka", true));
        assertThat(draw(WRITER, SERVER).engines()).contains(new WiringSnapshot.Engine("PostgreSQL", true));
    }

    @Test
    void reportsTravelAsJson() {
        JsonMapper json = JsonMapper.shared();

        assertThat(json.readValue(json.writeValueAsBytes(SERVER), ProcessReport.class))
                .isEqualTo(SERVER);
    }
}
