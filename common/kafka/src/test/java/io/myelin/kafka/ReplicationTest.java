package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplicationTest {

    @Test
    void oneBrokerHasTheOnlyReplica() {
        assertThat(Replication.BY_CLUSTER.in(1)).isEqualTo(new Replication(1, 1));
    }

    @Test
    void ofTwoBrokersEitherMayDie() {
        assertThat(Replication.BY_CLUSTER.in(2)).isEqualTo(new Replication(2, 1));
    }

    @Test
    void threeBrokersOrMoreHaveThreeReplicasAndTwoInSync() {
        assertThat(Replication.BY_CLUSTER.in(3)).isEqualTo(new Replication(3, 2));
        assertThat(Replication.BY_CLUSTER.in(9)).isEqualTo(new Replication(3, 2));
    }

    @Test
    void whatIsConfiguredCountsWhateverTheNumberOfBrokers() {
        assertThat(new Replication(5, 0).in(3)).isEqualTo(new Replication(5, 3));
        assertThat(new Replication(2, 2).in(3)).isEqualTo(new Replication(2, 2));
    }

    @Test
    void noMoreReplicasHaveToBeInSyncThanThereAre() {
        assertThat(new Replication(0, 2).in(1)).isEqualTo(new Replication(1, 1));
    }
}
