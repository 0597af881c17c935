package io.myelin.allinone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.myelin.contracts.Contract;
import io.myelin.contracts.Topic;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountTopics;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.kafka.ShardService;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescriptions;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules between services, for all that are on the class path; each service tests the rules within itself. */
@AnalyzeClasses(packages = "io.myelin", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SERVICES = packages(_ -> true);

    private static String[] packages(Predicate<Role> role) {
        return ServiceDescriptions.all().stream()
                .filter(service -> role.test(service.role()))
                .map(service -> service.getClass().getPackageName() + "..")
                .toArray(String[]::new);
    }

    /** The package of the server that writes a topic. */
    private static String packageOf(Topic<?> output) {
        return ServiceDescriptions.all().stream()
                .filter(service ->
                        service.role() == Role.SERVER && service.writes().contains(output))
                .findFirst()
                .map(service -> service.getClass().getPackageName() + "..")
                .orElseThrow();
    }

    @ArchTest
    static final ArchRule servicesDoNotKnowEachOther = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return Stream.of(SERVICES)
                            .filter(service -> PackageMatcher.of(service).matches(type.getPackageName()))
                            .findFirst()
                            .map(SliceIdentifier::of)
                            .orElseGet(SliceIdentifier::ignore);
                }

                @Override
                public String getDescription() {
                    return "services";
                }
            })
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule nobodyKnowsServices = noClasses()
            .that()
            .resideOutsideOfPackages(SERVICES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule onlyServersOwnShards = noClasses()
            .that()
            .resideInAnyPackage(packages(role -> role != Role.SERVER))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ShardService.class);

    /** Each output topic has exactly one writing service. */
    @Test
    void topicHasOneServer() {
        assertThat(ServiceDescriptions.all().stream()
                        .filter(service -> service.role() == Role.SERVER)
                        .flatMap(service -> service.writes().stream())
                        .map(Topic::name))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyTopicIsReadBySomebody() {
        var read = ServiceDescriptions.all().stream()
                .flatMap(service -> service.reads().stream())
                .collect(Collectors.toSet());
        assertThat(ServiceDescriptions.all())
                .allSatisfy(service -> assertThat(read).containsAll(service.writes()));
    }

    @Test
    void contractIsOfferedByTheServiceThatItNames() {
        assertThat(ServiceDescriptions.all())
                .allSatisfy(service -> assertThat(service.offers())
                        .extracting(Contract::service)
                        .allMatch(service.name()::equals));
    }

    /** A server publishes only its own facts, never those of another service: an output topic has one source. */
    @ArchTest
    static final ArchRule roomServerSaysNothingOfAccounts = noClasses()
            .that()
            .resideInAPackage(packageOf(RoomTopics.OUTPUT))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(AccountFact.class);

    @ArchTest
    static final ArchRule accountServerSaysNothingOfRooms = noClasses()
            .that()
            .resideInAPackage(packageOf(AccountTopics.OUTPUT))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(RoomFact.class);
}
