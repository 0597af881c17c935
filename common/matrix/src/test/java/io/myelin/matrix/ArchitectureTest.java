package io.myelin.matrix;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.myelin.matrix", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule isPure = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.myelin.matrix..", "java..", "org.jspecify..", "org.bouncycastle..", "tools.jackson.core..");

    @ArchTest
    static final ArchRule knowsBouncyCastleInOneClass = noClasses()
            .that()
            .doNotHaveSimpleName("BouncyEd25519")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule knowsJacksonInOneClass = noClasses()
            .that()
            .haveNameNotMatching("io\\.myelin\\.matrix\\.json\\.JsonParser(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson..");

    @ArchTest
    static final ArchRule hasNoCyclesBetweenPackages =
            slices().matching("io.myelin.matrix.(*)..").should().beFreeOfCycles();
}
