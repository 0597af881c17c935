package io.myelin.presenceserver;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.myelin.testing.architecture.ServiceArchitecture;

@AnalyzeClasses(packages = "io.myelin.presenceserver", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests ofEveryService = ArchTests.in(ServiceArchitecture.class);

    @ArchTest
    static final ArchRule keepsItsRulesPure = ServiceArchitecture.pure("io.myelin.presenceserver.presence..");
}
