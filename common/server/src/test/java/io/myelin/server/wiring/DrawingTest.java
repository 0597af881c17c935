package io.myelin.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.kafka.KafkaFigures.TopicFigures;
import io.myelin.server.wiring.ProcessReport.ComponentReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DrawingTest {

    private static final ProcessReport WRITER = process(
            "client-room-send#1",
            new ComponentReport("client-room-send", true, null, 70),
            List.of(new TopicFigures("room.input", 500, 0, 0)),
            Map.of(),
            Map.of(),
            null,
            Map.of("inFlight", 3L));

    private static final ProcessReport SERVER = process(
            "room-server#1",
            new ComponentReport("room-server", true, 2, 0),
            List.of(new TopicFigures("room.input", 0, 480, 20), new TopicFigures("room.output", 600, 0, 0)),
            Map.of("room.output", Map.of(0, 300L, 1, 310L)),
            Map.of(),
            true,
            Map.of("rooms", 12L));

    private static ProcessReport reader(int number, long atFirst, long atSecond) {
        return process(
                "client-sync#" + number,
                new ComponentReport("client-sync", true, null, 7),
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

    private static Picture draw(ProcessReport... processes) {
        return new Drawing(List.of(processes), Map.of()).picture(5_000, "example.org");
    }

    private static Picture.Topic topic(Picture picture, String name) {
        return picture.topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Picture.Part part(Picture picture, String name) {
        return picture.components().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void addsUpWhatProcessesSayOfATopic() {
        assertThat(topic(draw(WRITER, SERVER), "room.input")).isEqualTo(new Picture.Topic("room.input", 500, 480, 20));
    }

    @Test
    void measuresTheLagOfAnOutputTopicByItsSlowestReader() {
        Picture picture = draw(SERVER, reader(1, 300, 310), reader(2, 290, 309));

        assertThat(topic(picture, "room.output").lag()).isEqualTo(11);
    }

    @Test
    void seesNoLagWhereAReaderKnowsMoreThanAnOwnerHasSaidYet() {
        assertThat(topic(draw(SERVER, reader(1, 301, 311)), "room.output").lag())
                .isZero();
    }

    @Test
    void showsEachInstanceOfAComponent() {
        Picture.Part reader = part(draw(SERVER, reader(1, 0, 0), reader(2, 0, 0)), "client-sync");

        assertThat(reader.instances())
                .extracting(Picture.Instance::name)
                .containsExactly("client-sync#1", "client-sync#2");
        assertThat(reader.requests()).isEqualTo(14);
        assertThat(reader.role()).isEqualTo("reader");
    }

    @Test
    void showsWhoDoesNotAnswerAsNotHealthy() {
        Picture picture = new Drawing(List.of(WRITER), Map.of("room-server", List.of("room-server#2")))
                .picture(5_000, "example.org");

        assertThat(part(picture, "room-server").instances())
                .containsExactly(new Picture.Instance("room-server#2", false, -1, 0, 0));
        assertThat(picture.apart()).isTrue();
    }

    @Test
    void leavesOutWhatNobodyRuns() {
        Picture picture = draw(SERVER);

        assertThat(picture.components()).extracting(Picture.Part::name).containsExactly("room-server");
        assertThat(picture.topics()).extracting(Picture.Topic::name).containsExactly("room.input", "room.output");
        assertThat(picture.apart()).isFalse();
    }

    @Test
    void sumsWhatIsEachProcessesOwnAndNotWhatAllCountInOneDatabase() {
        Picture picture = draw(SERVER, SERVER, reader(1, 0, 0), reader(2, 0, 0));

        assertThat(picture.figures()).containsEntry("rooms", 12L).containsEntry("parked", 80L);
    }

    @Test
    void takesTheDatabaseForDownWhenNobodyReachesIt() {
        assertThat(draw(WRITER).engines())
                .containsExactly(new Picture.Engine("PostgreSQL", false), new Picture.Engine("Kafka", true));
        assertThat(draw(WRITER, SERVER).engines()).contains(new Picture.Engine("PostgreSQL", true));
    }

    @Test
    void reportsTravelAsJson() {
        JsonMapper json = JsonMapper.shared();

        assertThat(json.readValue(json.writeValueAsBytes(SERVER), ProcessReport.class))
                .isEqualTo(SERVER);
    }
}
