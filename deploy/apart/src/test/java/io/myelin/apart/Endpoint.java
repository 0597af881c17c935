package io.myelin.apart;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.myelin.web.InternalController;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** An endpoint of a component, read from the annotations of its controllers. */
record Endpoint(String method, String path) {

    /** The endpoints of all controllers in a package and below, except those of the internal listener. */
    static List<Endpoint> below(String packageName) {
        return new ClassFileImporter()
                .importPackages(packageName).stream()
                        .filter(type -> type.isMetaAnnotatedWith(RestController.class))
                        .filter(type -> !type.isMetaAnnotatedWith(InternalController.class)
                                && !type.isAnnotatedWith(InternalController.class))
                        .map(JavaClass::reflect)
                        .flatMap(Endpoint::of)
                        .toList();
    }

    private static Stream<Endpoint> of(Class<?> controller) {
        var prefixes = paths(AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class));
        return Arrays.stream(controller.getDeclaredMethods())
                .flatMap(method -> prefixes.stream().flatMap(prefix -> of(method, prefix)));
    }

    private static Stream<Endpoint> of(Method method, String prefix) {
        var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (mapping == null) {
            return Stream.empty();
        }
        var methods = mapping.method().length == 0 ? RequestMethod.values() : mapping.method();
        return paths(mapping).stream()
                .flatMap(path -> Arrays.stream(methods)
                        // Each path variable is replaced by an id that contains an escaped slash.
                        .map(one -> new Endpoint(
                                one.name(), (prefix + path).replaceAll("\\{[^}]*}", "%21a%2Fb:example.org"))));
    }

    private static List<String> paths(@Nullable RequestMapping mapping) {
        return mapping == null || mapping.path().length == 0 ? List.of("") : List.of(mapping.path());
    }
}
