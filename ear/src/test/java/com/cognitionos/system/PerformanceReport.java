package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * docs/performance.md: each benchmark writes its own section, and what the others have found stays. Figures are there to be
 * read; no build passes or fails by them.
 */
final class PerformanceReport {

    private static final String CLASSES = PerformanceReport.class.getPackageName();

    private PerformanceReport() {}

    /**
     * Puts a section where its last one was, or at the end, and on the console.
     *
     * @param name of the section, for good: lower-case letters and hyphens
     * @param title its heading
     * @param markdown method and figures; when, on what and by which command is written above it
     */
    static void section(String name, String title, String markdown) {
        String body = "## %s%n%n%s%n%n%s%n".formatted(title, circumstances(), markdown.strip());
        System.out.println(body);
        Path file = Path.of(System.getProperty("cognitionos.home"), "docs", "performance.md");
        try {
            Files.writeString(file, replaced(Files.readString(file), name, body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String replaced(String text, String name, String body) {
        String begin = "<!-- benchmark " + name + " -->";
        String end = "<!-- end of " + name + " -->";
        String section = begin + "\n" + body.strip() + "\n" + end;
        Matcher before = Pattern.compile(Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(text);
        return before.find()
                ? before.replaceFirst(Matcher.quoteReplacement(section))
                : text.stripTrailing() + "\n\n" + section + "\n";
    }

    /** The middle one; of an even number the higher of the two. @param figures at least one */
    static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static <T> double median(Iterable<T> rounds, ToDoubleFunction<T> figure) {
        var figures = DoubleStream.builder();
        rounds.forEach(round -> figures.add(figure.applyAsDouble(round)));
        return median(figures.build().toArray());
    }

    /** Nanoseconds as milliseconds. */
    static double ms(double nanos) {
        return nanos / 1e6;
    }

    private static String circumstances() {
        return "%s, %s; client, server and PostgreSQL share it. Load average at the end %.1f. `./mvnw -Pbenchmarks verify -Dit.test=%s`"
                .formatted(
                        LocalDate.now(),
                        machine(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        benchmark());
    }

    private static String benchmark() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.startsWith(CLASSES) && name.endsWith("Benchmark"))
                        .findFirst())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .orElse("*Benchmark");
    }

    private static String machine() {
        return String.format(
                Locale.ROOT,
                "%s%d cores (%s), %s, JDK %d",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                System.getProperty("os.name"),
                Runtime.version().feature());
    }

    private static String processor() {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return "";
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip() + ", ")
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
