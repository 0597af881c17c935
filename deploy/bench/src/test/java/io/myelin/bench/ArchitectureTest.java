package io.myelin.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.myelin.bench", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String LOAD_GENERATOR = "io.myelin.bench";
    private static final String KERNELS = "io.myelin.bench.kernel..";

    /** The load generator measures other servers too, so it uses none of our code, which could make it unfair. */
    @ArchTest
    static final ArchRule theLoadGeneratorKnowsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage(LOAD_GENERATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.myelin.matrix..", "org.openjdk.jmh..");

    @ArchTest
    static final ArchRule kernelsKnowOnlyWhatTheyMeasure = classes()
            .that()
            .resideInAPackage(KERNELS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(KERNELS, "io.myelin.matrix..", "org.openjdk.jmh..", "org.jspecify..", "java..");
}
