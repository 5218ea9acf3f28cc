package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * No worked case of a public peer is left out. Their collection lies beside this project and is no part of it; each id
 * stands on the test that recomputes the case's dates and cents.
 */
class ScenariosTest {

    private static final Path CASES = Path.of("../../shared/data/billing-scenarios.json");
    private static final int HOW_MANY = 49;

    @Test
    void everyCaseHasATest() throws IOException {
        Set<String> tested = tested();
        assertThat(tested).hasSize(HOW_MANY);
        assumeTrue(Files.exists(CASES), "the collection of cases, without which only their number is checked");
        List<String> cases = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"")
                .matcher(Files.readString(CASES))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(tested).isEqualTo(new TreeSet<>(cases));
    }

    @Test
    void whatNamesACaseIsATest() {
        assertThat(scenarios())
                .allMatch(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class));
    }

    private static Set<String> tested() {
        Set<String> ids = new TreeSet<>();
        scenarios()
                .forEach(method ->
                        ids.addAll(List.of(method.getAnnotation(Scenario.class).value())));
        return ids;
    }

    private static List<Method> scenarios() {
        try {
            Path classes = Path.of(ScenariosTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.map(file -> classes.relativize(file).toString())
                        .filter(file -> file.endsWith("Test.class"))
                        .flatMap(file -> Stream.of(load(file).getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(Scenario.class))
                        .toList();
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String file) {
        String name = file.replace(".class", "").replace(File.separatorChar, '.');
        try {
            return Class.forName(name, false, ScenariosTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
