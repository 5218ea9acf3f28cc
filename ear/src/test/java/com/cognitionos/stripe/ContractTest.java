package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** STD-1, by requests that stripe-java would not send. */
class ContractTest {

    private final StripeDouble stripe = StripeDouble.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        stripe.close();
    }

    private HttpResponse<String> send(String method, String path, String form, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(stripe.base() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(form));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonObject error(HttpResponse<String> reply) {
        return JsonParser.parseString(reply.body()).getAsJsonObject().getAsJsonObject("error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/v1/customers | colour=red | parameter_unknown | colour",
                "/v1/customers | address[planet]=Mars | parameter_unknown | address[planet]",
                "/v1/customers | address=Mars | - | address",
                "/v1/customers | balance=much | parameter_invalid_integer | balance",
                "/v1/customers | tax_exempt=perhaps | - | tax_exempt",
                "/v1/customers | name[first]=Ada | - | name",
                "/v1/customers | metadata[a][b]=c | - | metadata",
                "/v1/customers | metadata[12345678901234567890123456789012345678901]=c | -"
                        + " | metadata[12345678901234567890123456789012345678901]",
                "/v1/customers | expand=name | - | expand",
                "/v1/payment_intents | currency=eur | parameter_missing | amount",
                "/v1/payment_intents | amount=5.5&currency=eur | parameter_invalid_integer | amount",
                "/v1/payment_intents | amount=500&currency=eur&confirm=perhaps | - | confirm",
                // Only the newer parameter class knows this one.
                "/v1/payment_intents | amount=500&currency=eur&automatic_payment_methods[enabled]=true"
                        + "&automatic_payment_methods[allow_redirects]=maybe | - | automatic_payment_methods[allow_redirects]",
                "/v1/refunds | charge=ch_1&reason=bored | - | reason",
                "/v1/payment_methods/pm_card_visa/attach | a=b | parameter_unknown | a"
            })
    void whatStripeDoesNotKnowIsRefusedAndKept(String path, String form, String code, String param) throws Exception {
        assumeTrue(
                StripeDouble.hasSources(), "Stripe's description is not beside the project, in ../shared/data/stripe");
        HttpResponse<String> reply = send("POST", path, form, "sk_test_double");
        assertThat(reply.statusCode()).isEqualTo(400);
        JsonObject error = error(reply);
        assertThat(Json.text(error, "type")).isEqualTo("invalid_request_error");
        assertThat(Json.text(error, "code")).isEqualTo(code);
        assertThat(Json.text(error, "param")).isEqualTo(param);
        assertThat(reply.headers().firstValue("Request-Id")).isPresent();
        assertThat(stripe.violations())
                .singleElement()
                .extracting(Violation::parameter)
                .isEqualTo(param);
        assertThat(stripe.rawEvents()).isEmpty();
    }

    @Test
    void anAddressThatStripeDoesNotHaveIsAViolation() throws Exception {
        assertThat(send("POST", "/v1/customer", "", "sk_test_double").statusCode())
                .isEqualTo(404);
        assertThat(send("PUT", "/v1/customers", "", "sk_test_double").statusCode())
                .isEqualTo(404);
        assertThat(stripe.violations())
                .extracting(Violation::operation)
                .containsExactly("POST /v1/customer", "PUT /v1/customers");
    }

    @Test
    void aKeyIsNeeded() throws Exception {
        for (String key : new String[] {"", "sk_live_real", "nonsense"}) {
            assertThat(send("POST", "/v1/customers", "", key).statusCode()).isEqualTo(401);
        }
        assertThat(stripe.rawEvents()).isEmpty();
        HttpRequest basic = HttpRequest.newBuilder(URI.create(stripe.base() + "/v1/customers"))
                .header("Authorization", "Basic c2tfdGVzdF9kb3VibGU6")
                .build();
        assertThat(client.send(basic, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void onlyWhatCanBeExpandedIs() throws Exception {
        HttpResponse<String> reply = send("POST", "/v1/customers", "expand[]=email", "sk_test_double");
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(Json.text(error(reply), "message")).contains("cannot be expanded (email)");
        HttpResponse<String> pages = send("GET", "/v1/customers?limit=101", "", "sk_test_double");
        assertThat(Json.text(error(pages), "param")).isEqualTo("limit");
        HttpResponse<String> query = send("GET", "/v1/customers/search?query=tenant", "", "sk_test_double");
        assertThat(Json.text(error(query), "param")).isEqualTo("query");
    }
}
