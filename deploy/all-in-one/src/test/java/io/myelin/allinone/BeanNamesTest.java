package io.myelin.allinone;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

class BeanNamesTest {
    /** In one process all services share one context, which does not start with two beans of one name. */
    @Test
    void noTwoBeansOfAnyServicesHaveOneName() {
        var owners = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.myelin").stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(Bean.class))
                        .collect(groupingBy(
                                JavaMethod::getName,
                                mapping(method -> method.getOwner().getName(), toList())));
        assertThat(owners)
                .isNotEmpty()
                .allSatisfy((name, configurations) ->
                        assertThat(configurations).as(name).hasSize(1));
    }
}
