package io.myelin.allinone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.room.RoomFact;
import io.myelin.kafka.ShardService;
import io.myelin.kafka.TopicPlan;

/** The rules between services; those within one are its own. */
@AnalyzeClasses(packages = "io.myelin", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOM_SERVER = "io.myelin.roomserver..";
    private static final String ACCOUNT_SERVER = "io.myelin.accountserver..";
    private static final String RECEIPT_SERVER = "io.myelin.receiptserver..";
    private static final String TYPING_SERVER = "io.myelin.typingserver..";
    private static final String PRESENCE_SERVER = "io.myelin.presenceserver..";
    private static final String FEDERATION_SEND = "io.myelin.federationsend..";
    private static final String CLIENT_ROOM_SEND = "io.myelin.clientroomsend..";
    private static final String CLIENT_SYNC = "io.myelin.clientsync..";
    private static final String ALL_IN_ONE = "io.myelin.allinone..";

    @ArchTest
    static final ArchRule servicesDoNotKnowEachOther = slices().matching(
                    "io.myelin.(roomserver|accountserver|receiptserver|typingserver|presenceserver|clientroomsend|clientsync|federationsend)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule onlyTheCompositionKnowsServices = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOM_SERVER,
                    ACCOUNT_SERVER,
                    RECEIPT_SERVER,
                    TYPING_SERVER,
                    PRESENCE_SERVER,
                    CLIENT_ROOM_SEND,
                    CLIENT_SYNC,
                    FEDERATION_SEND,
                    ALL_IN_ONE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOM_SERVER,
                    ACCOUNT_SERVER,
                    RECEIPT_SERVER,
                    TYPING_SERVER,
                    PRESENCE_SERVER,
                    CLIENT_ROOM_SEND,
                    CLIENT_SYNC,
                    FEDERATION_SEND);

    @ArchTest
    static final ArchRule onlyServersOwnShardsAndOutputTopics = noClasses()
            .that()
            .resideInAnyPackage(CLIENT_ROOM_SEND, CLIENT_SYNC, FEDERATION_SEND)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ShardService.class)
            .orShould()
            .callMethod(TopicPlan.class, "output", String.class, int.class);

    /** A server publishes what happened, and knows nothing that happens elsewhere: an output topic has one source. */
    @ArchTest
    static final ArchRule roomServerSaysNothingOfAccounts = noClasses()
            .that()
            .resideInAPackage(ROOM_SERVER)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(AccountFact.class);

    @ArchTest
    static final ArchRule accountServerSaysNothingOfRooms = noClasses()
            .that()
            .resideInAPackage(ACCOUNT_SERVER)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(RoomFact.class);
}
