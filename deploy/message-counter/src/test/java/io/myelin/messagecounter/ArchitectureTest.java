package io.myelin.messagecounter;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.myelin.testing.architecture.ServiceArchitecture;

@AnalyzeClasses(packages = "io.myelin.messagecounter", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests ofEveryService = ArchTests.in(ServiceArchitecture.class);
}
