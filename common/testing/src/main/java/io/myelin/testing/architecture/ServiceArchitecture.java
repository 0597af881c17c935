package io.myelin.testing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/**
 * The rules that hold in each service: the edges ({@code web}, {@code kafka}) call concepts, concepts call {@code
 * storage}, and only {@code config}, which wires them, knows all.
 *
 * {@snippet :
 * @AnalyzeClasses(packages = "io.myelin.roomserver", importOptions = DoNotIncludeTests.class)
 * class ArchitectureTest {
 *     @ArchTest
 *     static final ArchTests ofEveryService = ArchTests.in(ServiceArchitecture.class);
 * }
 * }
 */
public final class ServiceArchitecture {
    private static final String WEB = "io.myelin.*.web..";
    private static final String KAFKA = "io.myelin.*.kafka..";
    private static final String STORAGE = "io.myelin.*.storage..";
    private static final String CONFIG = "io.myelin.*.config..";
    private static final String CONTRACTS = "io.myelin.contracts..";

    @ArchTest
    public static final ArchRule nothingCallsWeb = noClasses()
            .that()
            .resideOutsideOfPackages(WEB, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(WEB);

    @ArchTest
    public static final ArchRule nothingCallsKafka = noClasses()
            .that()
            .resideOutsideOfPackages(KAFKA, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(KAFKA);

    /** Except for the service's description, in its root package, which names its configuration. */
    @ArchTest
    public static final ArchRule nothingCallsConfig = noClasses()
            .that()
            .resideOutsideOfPackages(CONFIG, "io.myelin.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CONFIG);

    @ArchTest
    public static final ArchRule edgesLeaveStorageToConcepts = noClasses()
            .that()
            .resideInAnyPackage(WEB, KAFKA)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(STORAGE)
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule hasNoCyclesBetweenPackages =
            slices().matching("io.myelin.*.(*)..").should().beFreeOfCycles();

    private ServiceArchitecture() {}

    /**
     * Pure packages only compute: they depend on the rules of Matrix, the engines' types, the contracts, and each
     * other.
     *
     * @param packages as ArchUnit names them, such as {@code io.myelin.roomserver.decide..}
     */
    public static ArchRule pure(String... packages) {
        String[] allowed = Stream.concat(
                        Stream.of("java..", "org.jspecify..", "io.myelin.matrix..", "io.myelin.engine..", CONTRACTS),
                        Stream.of(packages))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }
}
