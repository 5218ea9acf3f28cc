package com.cognitionos.metering.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rest.Inflated;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MET-2: one bad event does not touch the others. */
class EventRequestTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1                                                                          | malformed",
                "null                                                                       | malformed",
                "[]                                                                         | malformed",
                "{'meter':'tokens','quantity':1}                                            | invalid_id",
                "{'id':'','meter':'tokens','quantity':1}                                    | invalid_id",
                "{'id':7,'meter':'tokens','quantity':1}                                     | invalid_id",
                "{'id':'a\\u0000','meter':'tokens','quantity':1}                            | invalid_id",
                "{'id':'a\\ud800','meter':'tokens','quantity':1}                            | invalid_id",
                "{'id':'a','quantity':1}                                                    | malformed",
                "{'id':'a','meter':7,'quantity':1}                                          | malformed",
                "{'id':'a','meter':'tokens'}                                                | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':'1'}                                 | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':null}                                | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':true}                                | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':1e9999}                              | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':1e99999999999}                       | invalid_quantity",
                "{'id':'a','meter':'tokens','quantity':1,'timestamp':'2026-01-31'}          | invalid_timestamp",
                "{'id':'a','meter':'tokens','quantity':1,'timestamp':'2026-01-31T10:00:00'} | invalid_timestamp",
                "{'id':'a','meter':'tokens','quantity':1,'timestamp':1769853600}            | invalid_timestamp",
                "{'id':'a','meter':'tokens','quantity':1,'subject':[]}                      | malformed",
                "{'id':'a','meter':'tokens','quantity':1,'properties':'x'}                  | malformed",
                "{'id':'a','meter':'tokens','quantity':1,'properties':{'k':'\\u0000'}}      | malformed",
                "{'id':'a','meter':'tokens','quantity':1,'properties':{'k':1e99999}}        | malformed",
            })
    void rubbishIsRejectedAndItsNeighboursAreRead(String rubbish, String code) {
        String good = "{'id':'good','meter':'tokens','quantity':1}";

        EventRequest request = read("{'events':[" + good + "," + rubbish + "," + good + "]}");

        assertThat(request.events()).containsOnlyKeys(0, 2);
        assertThat(request.unreadable())
                .extracting(IngestResult.Rejection::index, IngestResult.Rejection::code)
                .containsExactly(tuple(1, code));
    }

    @Test
    void aNumberOfManyDigitsIsRejectedAtOnce() {
        String digits = "9".repeat(4_000_000);

        assertTimeout(Duration.ofSeconds(5), () -> {
            EventRequest request = read("[{'id':'a','meter':'tokens','quantity':" + digits + "}]");
            assertThat(request.unreadable())
                    .extracting(IngestResult.Rejection::code)
                    .containsExactly("invalid_quantity");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'a','meter':'tokens','quantity':2.50,'timestamp':'2026-01-31T12:00:00+02:00','subject':'bot','properties':{'z':[{'b':1,'a':2.0}],'a':null}}",
                "[{'id':'a','meter':'tokens','quantity':2.5,'timestamp':'2026-01-31T10:00:00Z','subject':'bot','properties':{'a':null,'z':[{'a':2,'b':1}]}}]",
                "{'specversion':'1.0','id':'a','source':'/x','type':'usage','time':'2026-01-31T10:00:00Z','subject':'bot','data':{'meter':'tokens','quantity':2.5,'properties':{'a':null,'z':[{'a':2,'b':1}]}}}",
                "{'specversion':'1.0','id':'a','source':'/x','type':'tokens','time':'2026-01-31T10:00:00Z','subject':'bot','data':{'quantity':2.5,'properties':{'a':null,'z':[{'a':2,'b':1}]}}}"
            })
    void equalContentIsEqualInEveryForm(String json) {
        UsageEvent event = read(json).events().get(0);

        assertThat(event.properties()).isEqualTo("{\"a\":null,\"z\":[{\"a\":2,\"b\":1}]}");
        assertThat(event.contentHash())
                .isEqualTo(new UsageEvent(
                                "a",
                                "tokens",
                                new BigDecimal("2.5"),
                                Instant.parse("2026-01-31T10:00:00Z"),
                                "bot",
                                "{\"a\":null,\"z\":[{\"a\":2,\"b\":1}]}")
                        .contentHash());
    }

    @Test
    void anotherVersionOfCloudEventsIsMalformed() {
        assertThat(read("{'specversion':'0.3','id':'a','type':'tokens','data':{'quantity':1}}")
                        .unreadable())
                .extracting(IngestResult.Rejection::code)
                .containsExactly("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "'text'", "{}", "{'events':{}}", "{'foo':1}"})
    void anUnknownShapeIsInvalid(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID));
    }

    @Test
    void whatCountsAsOneNeedsNoQuantity() {
        EventRequest request = read("[{'id':'a','meter':'visits'},"
                + "{'id':'c','meter':'visits','quantity':7},"
                + "{'id':'d','meter':'visits','quantity':'1'},"
                + "{'id':'e','meter':'tokens'}]");

        assertThat(request.events().values())
                .extracting(UsageEvent::id, UsageEvent::quantity)
                .containsExactly(tuple("a", BigDecimal.ONE), tuple("c", BigDecimal.valueOf(7)));
        assertThat(request.unreadable())
                .extracting(IngestResult.Rejection::index, IngestResult.Rejection::code)
                .containsExactly(tuple(2, "invalid_quantity"), tuple(3, "invalid_quantity"));
        assertThat(read("{'specversion':'1.0','id':'b','type':'visits','data':{}}")
                        .events()
                        .values())
                .extracting(UsageEvent::quantity)
                .containsExactly(BigDecimal.ONE);
        assertThat(request.events().get(0).contentHash())
                .as("left out, or said to be one")
                .isEqualTo(read("{'id':'a','meter':'visits','quantity':1}")
                        .events()
                        .get(0)
                        .contentHash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain                        | plain",
                "Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro \u20ac \ud83d\ude00",
                "%e2%82%ac                    | \u20ac",
                "\u00fcber                   | \u00fcber",
                "100%                         | 100%",
                "%zz%4                        | %zz%4",
                "\"a \\\"b\\\" %41\"         | a \"b\" A",
                "%22a%22                      | \"a\"",
                "a+b                          | a+b"
            })
    void anAttributeInAHeaderIsDecoded(String header, String value) throws IOException {
        assertThat(binary(header).events().get(0).subject()).isEqualTo(value);
    }

    @Test
    void anAttributeInAHeaderIsUtf8() throws IOException {
        assertThat(binary("%ff").unreadable())
                .extracting(IngestResult.Rejection::code)
                .containsExactly("malformed");
    }

    private static EventRequest binary(String subject) throws IOException {
        Map<String, String> headers =
                Map.of("ce-specversion", "1.0", "ce-id", "a", "ce-type", "tokens", "ce-subject", subject);
        return EventRequest.of(
                new ByteArrayInputStream("{\"quantity\":1}".getBytes(StandardCharsets.UTF_8)),
                "application/json",
                headers::get,
                meter -> false);
    }

    @Test
    void aThousandEventsAreTheLimit() {
        String event = "{'id':'a','meter':'tokens','quantity':1}";

        assertThat(read("[" + event + ("," + event).repeat(999) + "]").events()).hasSize(1000);
        assertThatThrownBy(() -> read("[" + event + ("," + event).repeat(1000) + "]"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void onlyWhenThePlanRefusesEverythingIsTheRequestRefused() {
        IngestResult.Rejection exceeded = new IngestResult.Rejection(0, "entitlement_exceeded", "100 of 100 are used.");
        IngestResult.Rejection other = new IngestResult.Rejection(1, "unknown_meter", "There is no meter x.");

        assertThatThrownBy(() -> UsageResource.refuseWhenExceeded(new IngestResult(0, 0, List.of(exceeded))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo("entitlement_exceeded"));
        for (IngestResult mixed : List.of(
                new IngestResult(1, 0, List.of(exceeded)),
                new IngestResult(0, 1, List.of(exceeded)),
                new IngestResult(0, 0, List.of(exceeded, other)),
                new IngestResult(0, 0, List.of()))) {
            assertThatCode(() -> UsageResource.refuseWhenExceeded(mixed)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'events':[],'events':[]}",
                "[{'id':'a','id':'b'}]",
                "[{'id':'a'},]",
                "[{'id':'a'}",
                "{'id':'a'",
                "{'events':[]} x",
                "[] []",
                "[nul]",
                " ",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void oneWellFormedTextIsAsked(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo("malformed_json"));
    }

    @Test
    void nobodyReadsOnAfterTheLimit() {
        String event = "{'id':'a','meter':'tokens','quantity':1}";
        assertThatThrownBy(() -> read("{'events':[" + event + ("," + event).repeat(1000) + ", and then rubbish"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .extracting(Problem.FieldError::code)
                                .containsExactly("too_many"));
    }

    @Test
    void aLineThatIsNoEventIsRejectedAlone() throws IOException {
        EventRequest request = read(
                "application/x-ndjson; charset=utf-8",
                ("{'id':'a','meter':'tokens','quantity':1}\r\n\n{'id':\n7\n"
                                + "{'specversion':'1.0','id':'c','type':'tokens','data':{'quantity':2}}")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(request.events()).containsOnlyKeys(0, 3);
        assertThat(request.unreadable())
                .extracting(IngestResult.Rejection::index, IngestResult.Rejection::code)
                .containsExactly(tuple(1, "malformed"), tuple(2, "malformed"));

        String event = "{\"id\":\"a\",\"meter\":\"tokens\",\"quantity\":1}\n";
        assertThat(read("application/x-ndjson", event.repeat(1000).getBytes(StandardCharsets.UTF_8))
                        .events())
                .hasSize(1000);
        assertThatThrownBy(() -> read("application/x-ndjson", event.repeat(1001).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Problem.class);
    }

    @Test
    void cloudEventsMayHaveMoreThanIsAsked() throws IOException {
        String event = """
                {"specversion":"1.0","id":"a","source":"/x","type":"tokens","datacontenttype":"application/json",
                 "dataschema":"urn:x","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                 "time":"2026-01-31T10:00:00Z","data":{"quantity":1}}""";
        assertThat(read(
                                "application/cloudevents-batch+json",
                                ("[" + (event + ",").repeat(999) + event + "]").getBytes(StandardCharsets.UTF_8))
                        .events())
                .hasSize(1000);
        assertThat(read("application/cloudevents+json; charset=UTF-8", event.getBytes(StandardCharsets.UTF_8))
                        .events())
                .hasSize(1);
    }

    @Test
    void whatIsPackedIsReadUnpackedAndNoFurtherThanItMay() throws IOException {
        byte[] event = "{\"id\":\"a\",\"meter\":\"tokens\",\"quantity\":1}".getBytes(StandardCharsets.UTF_8);
        assertThat(Inflated.of(new ByteArrayInputStream(gzip(event)), "gzip").readAllBytes())
                .isEqualTo(event);
        assertThat(Inflated.of(new ByteArrayInputStream(event), null).readAllBytes())
                .isEqualTo(event);
        byte[] most = new byte[5 * 1024 * 1024];
        assertThat(Inflated.of(new ByteArrayInputStream(gzip(most)), "gzip").readAllBytes())
                .hasSize(most.length);
        InputStream bomb = Inflated.of(new ByteArrayInputStream(gzip(new byte[most.length + 1])), "gzip");
        assertProblem(bomb::readAllBytes, Problem.Kind.TOO_LARGE, "at most 5 MB");
        InputStream file = Inflated.of(new ByteArrayInputStream(gzip(new byte[(25 << 20) + 1])), "gzip", 25 << 20);
        assertProblem(file::readAllBytes, Problem.Kind.TOO_LARGE, "at most 25 MB");
        assertProblem(() -> Inflated.of(new ByteArrayInputStream(event), "br"), Problem.Kind.MEDIA_TYPE, "by gzip");
        assertThatThrownBy(() -> Inflated.of(new ByteArrayInputStream(event), "gzip"))
                .isInstanceOf(Problem.class);
        byte[] cut = Arrays.copyOf(gzip(event), 20);
        assertThatThrownBy(
                        () -> Inflated.of(new ByteArrayInputStream(cut), "gzip").readAllBytes())
                .isInstanceOf(Problem.class);
    }

    private static void assertProblem(ThrowingCallable call, Problem.Kind kind, String detail) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem).hasMessageContaining(detail);
        });
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static EventRequest read(String singleQuoted) {
        try {
            return read("application/json", singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EventRequest read(String type, byte[] body) throws IOException {
        return EventRequest.of(new ByteArrayInputStream(body), type, name -> null, "visits"::equals);
    }
}
