package io.myelin.matrix.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomVersionsTest {
    @Test
    void knowsVersions10To12() {
        assertThat(RoomVersions.supported()).extracting(RoomVersion::id).containsExactly("10", "11", "12");
        assertThat(RoomVersions.find("12")).contains(RoomVersions.V12);
        assertThat(RoomVersions.find("9")).isEmpty();
        assertThat(RoomVersions.DEFAULT).isSameAs(RoomVersions.V12);
    }

    @Test
    void allKnockAndRestrictAndWantIntegers() {
        assertThat(RoomVersions.supported())
                .allMatch(RoomVersion::knock)
                .allMatch(RoomVersion::restricted)
                .allMatch(RoomVersion::knockRestricted)
                .allMatch(RoomVersion::integerPowerLevelsStrict);
    }

    @Test
    void onlyVersion12HasHashedRoomIdsAndInfinitePower() {
        assertThat(RoomVersions.supported())
                .filteredOn(RoomVersion::roomIdIsCreateEventHash)
                .containsExactly(RoomVersions.V12);
        assertThat(RoomVersions.supported())
                .filteredOn(RoomVersion::creatorsHaveInfinitePower)
                .containsExactly(RoomVersions.V12);
        assertThat(RoomVersions.supported())
                .filteredOn(RoomVersion::createInAuthEvents)
                .containsExactly(RoomVersions.V10, RoomVersions.V11);
    }

    @Test
    void onlyVersion10NamesTheCreatorInContent() {
        assertThat(RoomVersions.supported())
                .filteredOn(RoomVersion::creatorInContent)
                .containsExactly(RoomVersions.V10);
    }

    @Test
    void version12ResolvesStateAnew() {
        assertThat(RoomVersions.supported())
                .extracting(RoomVersion::resolutionAlgorithm)
                .containsExactly(ResolutionAlgorithm.V2, ResolutionAlgorithm.V2, ResolutionAlgorithm.V2_1);
    }
}
