package io.myelin.roomserver;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.myelin.testing.architecture.ServiceArchitecture;

@AnalyzeClasses(packages = "io.myelin.roomserver", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests ofEveryService = ArchTests.in(ServiceArchitecture.class);

    @ArchTest
    static final ArchRule keepsItsRulesPure = ServiceArchitecture.pure(
            "io.myelin.roomserver.decide..",
            "io.myelin.roomserver.receive..",
            "io.myelin.roomserver.room..",
            "io.myelin.roomserver.state..",
            // stands behind EventNumbers
            "org.roaringbitmap..");
}
