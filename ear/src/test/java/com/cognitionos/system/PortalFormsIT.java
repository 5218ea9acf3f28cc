package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.Http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Forms of the portal as no browser would send them. */
@SharedProduct
@DisplayName("Forms of the portal")
class PortalFormsIT {

    private static final Product PRODUCT = Product.shared();
    private static final String NONCE = "primefaces.nonce";
    private static final String NAME = "with-nonce-" + UUID.randomUUID();

    /** In the order of how near they come to the page's own. */
    private static final String[] WRONG = {
        null,
        "",
        "rubbish",
        "'; alert(1)",
        Base64.getEncoder().encodeToString("no uuid".getBytes(StandardCharsets.UTF_8)),
        Base64.getEncoder().encodeToString(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8))
    };

    @Test
    @DisplayName("POR-9: a form without its page's nonce is refused, has no effect and leaves no trace of a failure")
    void aFormWithoutThePagesNonceIsRefused() throws IOException {
        Http browser = new Http(PRODUCT.url()).signIn("ada@northwind.example", PRODUCT.demoPassword());
        Map<String, String> whole = Http.form(browser.get("/keys").text(), "keys");
        whole.put("keys:name", NAME);
        whole.put("keys:access", "SEND_USAGE");
        whole.put("keys:lasts", "MONTH");
        whole.put("keys:create", "keys:create");
        for (String wrong : WRONG) {
            refused("/keys", browser.post("/keys", with(whole, wrong)), wrong);
        }
        assertThat(browser.get("/keys").text()).doesNotContain(NAME);
        Reply accepted = browser.post("/keys", whole);
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.text()).as("the whole form").contains(NAME);
        assertThat(Files.readString(log())).doesNotContain("CspException");
    }

    @Test
    @DisplayName("POR-9: so is one of a page without a person, and a request that claims to be a script's")
    void pagesWithoutAPersonRefuseItToo() throws IOException {
        Http browser = new Http(PRODUCT.url());
        for (String page : new String[] {"/sign-in", "/sign-up", "/forgot"}) {
            Map<String, String> whole =
                    Http.form(browser.get(page).text(), page.substring(1).replace("-", ""));
            for (int i = 0; i < WRONG.length - 1; i++) {
                refused(page, browser.post(page, with(whole, WRONG[i])), WRONG[i]);
            }
            refused(
                    page,
                    browser.send("GET", page, Map.of("Faces-Request", "partial/ajax"), "", null),
                    "a script's request");
        }
        assertThat(Files.readString(log())).doesNotContain("CspException");
    }

    private static Map<String, String> with(Map<String, String> whole, String nonce) {
        Map<String, String> fields = new LinkedHashMap<>(whole);
        if (nonce == null) {
            fields.remove(NONCE);
        } else {
            fields.put(NONCE, nonce);
        }
        return fields;
    }

    private static void refused(String page, Reply reply, String what) {
        assertThat(reply.status()).as(page + " with " + what).isEqualTo(400);
        assertThat(reply.text()).contains("Nothing was changed").doesNotContain("\tat ", "Csp", "Caused by");
    }

    private static Path log() {
        return PRODUCT.data().resolve("logs").resolve("messages.log");
    }
}
