package com.cognitionos.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MET-23: what programs write as CSV is read as it was meant, or refused with the line and what to do. */
class UploadContentsTest {

    private static final String HEADER = "id,meter,quantity,note\r\n";
    private static final int MOST = 2500;

    private final List<UploadContents.Part> parts = new ArrayList<>();

    private UploadContents read(String text) {
        return read(text, StandardCharsets.UTF_8);
    }

    private UploadContents read(String text, Charset charset) {
        return read(text.getBytes(charset));
    }

    private UploadContents read(byte[] bytes) {
        parts.clear();
        try {
            return UploadContents.read(new ByteArrayInputStream(bytes), Set.of("tokens"), MOST, parts::add);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<UploadContents.Row> rows() {
        return parts.stream()
                .flatMap(part -> UploadContents.rows(part.content()).stream())
                .toList();
    }

    @Test
    void aFileOfASpreadsheetIsReadWithItsMarkQuotesAndBlankLines() {
        UploadContents found = read(
                "\uFEFF" + HEADER + "a,tokens,1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n,,,\r\nb,tokens,2,ünï\r\nc,tokens,-,");

        assertThat(found.reason()).isNull();
        assertThat(found.header()).containsExactly("id", "meter", "quantity", "note");
        assertThat(found.rows()).isEqualTo(3);
        assertThat(rows())
                .containsExactly(
                        new UploadContents.Row(2, List.of("a", "tokens", "1", "x, \"y\"\r\nz")),
                        new UploadContents.Row(6, List.of("b", "tokens", "2", "ünï")),
                        new UploadContents.Row(7, List.of("c", "tokens", "-", "")));
        assertThat(found.doubtful()).isEqualTo(1);
        assertThat(found.notes()).containsExactly("Line 7: The quantity must be a number such as 1250 or 0.5.");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void theSeparatorIsFoundOut(String separator) {
        String others = ",;\t".replace(separator, "").repeat(5);
        String text = String.join(separator, "id", "\"meter\"", "quantity", '"' + others + '"') + "\n"
                + String.join(separator, "1", "tokens", "1", "\"p,q;r\ts\"") + "\n";

        UploadContents found = read(text);

        assertThat(found.separator()).isEqualTo(separator.charAt(0));
        assertThat(found.header()).hasSize(4);
        assertThat(rows()).containsExactly(new UploadContents.Row(2, List.of("1", "tokens", "1", "p,q;r\ts")));
    }

    @Test
    void whatIsNoTextInUtf8IsRefused() {
        assertThat(read(HEADER + "a,tokens,1,ü\r\n", StandardCharsets.ISO_8859_1)
                        .reason())
                .isEqualTo("not_utf8");
        assertThat(read(HEADER + "a,tokens,1,ü\r\n", StandardCharsets.UTF_16).reason())
                .isEqualTo("not_utf8");
        assertThat(read(HEADER + "a,tokens,1,\0\r\n").reason()).isEqualTo("not_utf8");
        assertThat(read(new byte[] {'P', 'K', 3, 4, 0, 0, (byte) 0xFF}).reason())
                .isEqualTo("not_utf8");
        assertThat(read(HEADER + "a,tokens,1,x\r\n".repeat(900) + "\0").notes())
                .singleElement()
                .asString()
                .contains("UTF-8")
                .containsPattern("line \\d+");
    }

    @Test
    void aQuotationMarkThatIsNotClosedIsRefusedWithItsLine() {
        UploadContents open = read(HEADER + "a,tokens,1,x\r\nb,tokens,1,\"never\r\nc,tokens,1,x\r\n");
        assertThat(open.reason()).isEqualTo("malformed");
        assertThat(open.notes().get(0)).startsWith("Line 3 cannot be read");
        assertThat(read(HEADER + "a,tokens,1,\"x\"y\r\n").notes().get(0)).startsWith("Line 2 cannot be read");
        assertThat(read(HEADER + "a,tokens,1,\"" + "x\r\n".repeat(200_000)).reason())
                .isEqualTo("line_too_long");
        assertThat(read("x".repeat(1_000_000)).reason()).isEqualTo("line_too_long");
    }

    @Test
    void aFileWithoutRowsOrWithTooManyIsRefused() {
        assertThat(read("").reason()).isEqualTo("empty");
        assertThat(read("\r\n\r\n").reason()).isEqualTo("empty");
        assertThat(read(HEADER).reason()).isEqualTo("empty");
        assertThat(read(HEADER + ",,,\r\n").reason()).isEqualTo("empty");
        assertThat(read("a,b\r\n1,2\r\n").reason()).isEqualTo("header");
        assertThat(read(HEADER + "a,tokens,1,\r\n".repeat(MOST)).reason()).isNull();
        UploadContents tooMany = read(HEADER + "a,tokens,1,\r\n".repeat(MOST + 1));
        assertThat(tooMany.reason()).isEqualTo("too_many_rows");
        assertThat(tooMany.rows()).isZero();
    }

    @Test
    void partsHaveAThousandRowsAtMost() {
        UploadContents found = read(HEADER
                + IntStream.range(0, 2001)
                        .mapToObj(i -> "e" + i + (i % 2 == 0 ? ",tokens,1,\r\n" : ",bananas,1,\r\n"))
                        .collect(Collectors.joining()));

        assertThat(parts).extracting(UploadContents.Part::rows).containsExactly(1000, 1000, 1);
        assertThat(parts).extracting(UploadContents.Part::position).containsExactly(0, 1, 2);
        assertThat(found.rows()).isEqualTo(2001);
        assertThat(found.doubtful()).isEqualTo(1000);
        assertThat(found.notes()).hasSize(10).startsWith("Line 3: There is no meter bananas.");
        assertThat(rows())
                .extracting(UploadContents.Row::line)
                .startsWith(2L, 3L)
                .endsWith(2002L);

        read(HEADER + ("a,tokens,1," + "x".repeat(60_000) + "\r\n").repeat(20));
        assertThat(parts).hasSizeGreaterThan(1).allMatch(part -> part.content().length() <= 1 << 19);
        assertThat(rows()).hasSize(20);
    }

    @Property(tries = 300)
    void whateverStandsInTheCellsComesBack(
            @ForAll @Size(min = 1, max = 5)
                    List<
                                    @Size(value = 3) List<
                                            @StringLength(max = 8) @CharRange(from = ' ', to = '~')
                                            @CharRange(from = '\n', to = '\n')
                                            @CharRange(from = '\u00e0', to = '\u00ff') String>>
                            table) {
        String text = HEADER
                + table.stream()
                        .map(cells -> "id,"
                                + cells.stream()
                                        .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                                        .collect(Collectors.joining(","))
                                + "\n")
                        .collect(Collectors.joining());

        assertThat(read(text).reason()).isNull();

        assertThat(rows()).extracting(row -> row.cells().subList(1, 4)).containsExactlyElementsOf(table);
        long line = 2;
        for (UploadContents.Row row : rows()) {
            assertThat(row.line()).isEqualTo(line);
            line += 1
                    + String.join("", row.cells())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }
    }
}
