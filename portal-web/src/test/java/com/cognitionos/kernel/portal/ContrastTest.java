package com.cognitionos.kernel.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of colours that meet on a page, in both themes: WCAG 2.2, 1.4.3 for text and 1.4.11 for what is drawn. */
class ContrastTest {

    private static final Path TOKENS = Path.of("src/main/webapp/resources/portal/tokens.css");
    private static final Pattern TOKEN =
            Pattern.compile("--([a-z-]+): light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);");
    private static final double TEXT = 4.5;
    private static final double DRAWN = 3;
    private static final List<String> PLAIN_GROUNDS = List.of("ground", "surface", "sunken");

    record Pair(String front, String ground, double least) {}

    private static Map<String, List<String>> tokens() {
        try {
            Map<String, List<String>> found = new LinkedHashMap<>();
            TOKEN.matcher(Files.readString(TOKENS))
                    .results()
                    .forEach(token -> found.put(token.group(1), List.of(token.group(2), token.group(3))));
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        pairs.add(new Pair("text", "raised", TEXT));
        for (String ground : PLAIN_GROUNDS) {
            Stream.of("text", "muted", "accent", "bad-text").forEach(text -> pairs.add(new Pair(text, ground, TEXT)));
            Stream.of("focus", "control-line").forEach(line -> pairs.add(new Pair(line, ground, DRAWN)));
            tokens().keySet().stream()
                    .filter(name -> name.startsWith("bar-"))
                    .forEach(bar -> pairs.add(new Pair(bar, ground, DRAWN)));
        }
        // A coloured ground carries its own text, links and figures too.
        tokens().keySet().stream()
                .filter(name -> name.endsWith("-ground"))
                .map(name -> name.substring(0, name.length() - "-ground".length()))
                .forEach(name -> pairs.add(new Pair(name + "-text", name + "-ground", TEXT)));
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void isReadableInBothThemes(Pair pair) {
        Map<String, List<String>> tokens = tokens();
        for (int theme = 0; theme < 2; theme++) {
            String front = tokens.get(pair.front()).get(theme);
            String ground = tokens.get(pair.ground()).get(theme);
            assertThat(contrast(front, ground))
                    .as("%s on %s, %s theme", pair.front(), pair.ground(), theme == 0 ? "light" : "dark")
                    .isGreaterThanOrEqualTo(pair.least());
        }
    }

    @Test
    void noOtherSheetHasColoursOfItsOwn() throws IOException {
        String rules = Files.readString(TOKENS.resolveSibling("portal.css"));
        assertThat(rules.replace("background: #fff;", "")).doesNotContainPattern("#[0-9a-fA-F]{3,8};|rgb|hsl");
    }

    @Test
    void theMeasureIsWcags() {
        assertThat(contrast("#000000", "#ffffff")).isEqualTo(21);
        assertThat(contrast("#ffffff", "#2196f3")).isBetween(3.11, 3.13);
    }

    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String hex) {
        return 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
    }

    private static double channel(String hex, int at) {
        double value = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
