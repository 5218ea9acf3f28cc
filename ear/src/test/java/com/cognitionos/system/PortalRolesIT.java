package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sees and may do what in the browser, and what a browser may send at all. */
@SharedProduct
class PortalRolesIT {

    private static final Product PRODUCT = Product.shared();

    @Test
    void aViewerSeesNothingToChangeAndAForgedFormIsRefused() {
        try (Portal viewer = Portal.desktop(PRODUCT.url());
                Portal owner = Portal.desktop(PRODUCT.url())) {
            viewer.signIn("ingrid@northwind.example", PRODUCT.demoPassword());
            for (String page : List.of("home", "usage", "invoices", "billing", "team")) {
                viewer.open("/" + page).isSound("viewer-" + page);
            }
            assertThat(viewer.page.locator("#nav-keys, #nav-audit").count()).isZero();
            viewer.open("/billing");
            assertThat(viewer.page.locator("[id='card:submit']").count()).isZero();
            assertThat(viewer.text()).contains("not change them");
            viewer.open("/team");
            assertThat(viewer.page.locator("[id='invite:submit']").count()).isZero();

            // Leaving is a form of the same page, so there is a number to send the forged one with.
            owner.signIn("ada@northwind.example", PRODUCT.demoPassword()).open("/team");
            int before = owner.page.locator("#invitation-list li").count();
            Map<String, String> forged = viewer.formOf(Map.of(
                    "invite_SUBMIT",
                    "1",
                    "invite:email",
                    "evil@northwind.example",
                    "invite:role",
                    "VIEWER",
                    "invite:submit",
                    "invite:submit"));
            assertThat(viewer.post("/team", forged, Map.of()).status()).isEqualTo(403);
            owner.open("/team");
            assertThat(owner.page.locator("#invitation-list li").count()).isEqualTo(before);
            assertThat(owner.text()).doesNotContain("evil@northwind.example");
            assertThat(viewer.page.navigate(PRODUCT.url() + "/keys").status()).isEqualTo(403);
            assertThat(viewer.text()).contains("That was refused");
        }
    }

    @Test
    void anActionInARowThatIsNotShownIsRefusedToo() {
        try (Portal viewer = Portal.desktop(PRODUCT.url());
                Portal owner = Portal.desktop(PRODUCT.url())) {
            viewer.signIn("ingrid@northwind.example", PRODUCT.demoPassword()).open("/team");
            owner.signIn("ada@northwind.example", PRODUCT.demoPassword()).open("/team");
            String ownRow = "#member-list li:has-text('ingrid@northwind.example')";
            String own =
                    owner.page.locator(ownRow + " input[name=member]").first().getAttribute("value");
            String role = owner.page.innerText(ownRow + " .badge >> nth=0");
            for (String row : List.of("0", "1", "4", "99")) {
                Map<String, String> forged = viewer.formOf(Map.of(
                        "member:" + row + ":role_SUBMIT",
                        "1",
                        "member:" + row + ":role:submit",
                        "member:" + row + ":role:submit",
                        "member",
                        own,
                        "role",
                        "admin"));
                assertThat(viewer.post("/team", forged, Map.of()).status())
                        .as(row)
                        .isEqualTo(403);
                forged.remove("member:" + row + ":role:submit");
                forged.put("jakarta.faces.partial.ajax", "true");
                forged.put("jakarta.faces.source", "member:" + row + ":role:submit");
                forged.put("jakarta.faces.partial.execute", "@all");
                assertThat(viewer.post("/team", forged, Map.of("Faces-Request", "partial/ajax"))
                                .text())
                        .as(row + " in the background")
                        .contains("<redirect url=\"/refused\"");
            }
            owner.open("/team");
            assertThat(owner.page.innerText(ownRow + " .badge >> nth=0")).isEqualTo(role);
        }
    }

    @Test
    void aRoleThatIsTakenAwayCountsFromTheNextRequestOn() {
        try (Portal developer = Portal.desktop(PRODUCT.url());
                Portal owner = Portal.desktop(PRODUCT.url())) {
            developer
                    .signIn("tom@northwind.example", PRODUCT.demoPassword())
                    .open("/keys")
                    .fill("keys:name", "late");
            owner.signIn("ada@northwind.example", PRODUCT.demoPassword());
            change(owner, "Tom Silva", "viewer");
            developer.click("keys:create");
            developer.page.waitForURL("**/refused");
            owner.open("/keys");
            assertThat(owner.text()).doesNotContain("late");
            change(owner, "Tom Silva", "developer");
            assertThat(developer.page.navigate(PRODUCT.url() + "/keys").status())
                    .isEqualTo(200);
        }
    }

    private static void change(Portal owner, String name, String role) {
        owner.open("/team");
        var row = owner.page.locator("#member-list li", new Page.LocatorOptions().setHasText(name));
        row.locator("summary").first().click();
        row.locator("select").selectOption(role);
        row.locator("button", new com.microsoft.playwright.Locator.LocatorOptions().setHasText("Change the role"))
                .click();
        owner.says(name + " is now");
    }

    @ParameterizedTest
    @CsvSource({
        "ada@northwind.example, 200, 200, 200, 200, 403, 403, 403, 403",
        "ravi@northwind.example, 200, 200, 200, 200, 403, 403, 403, 403",
        "elena@northwind.example, 200, 403, 200, 403, 403, 403, 403, 403",
        "tom@northwind.example, 403, 200, 200, 403, 403, 403, 403, 403",
        "ingrid@northwind.example, 200, 403, 200, 403, 403, 403, 403, 403",
        "olivia@cognitionos.example, 200, 200, 200, 200, 200, 200, 200, 200",
        "felix@cognitionos.example, 200, 200, 200, 200, 200, 403, 200, 200",
    })
    void aPageIsOpenToTheRolesThatHaveItsScope(
            String email,
            int invoices,
            int keys,
            int usage,
            int audit,
            int tenants,
            int staff,
            int flags,
            int catalog) {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            portal.startSignIn(email, PRODUCT.demoPassword()).page.waitForSelector("#sign-out");
            Map<String, Integer> wanted = Map.of(
                    "/invoices",
                    invoices,
                    "/keys",
                    keys,
                    "/usage",
                    usage,
                    "/audit",
                    audit,
                    "/platform/tenants",
                    tenants,
                    "/platform/staff",
                    staff,
                    "/platform/flags",
                    flags,
                    "/platform/catalog",
                    catalog);
            wanted.forEach((path, status) -> assertThat(
                            portal.page.navigate(PRODUCT.url() + path).status())
                    .as(path)
                    .isEqualTo(status));
        }
    }

    @Test
    void anOperatorFindsATenantActsForItAndComesBack() {
        try (Portal operator = Portal.desktop(PRODUCT.url())) {
            operator.startSignIn("olivia@cognitionos.example", PRODUCT.demoPassword())
                    .page
                    .waitForURL("**/platform/tenants");
            operator.isSound("operator-tenants")
                    .go("account")
                    .open("/platform/staff")
                    .isSound("operator-staff");
            operator.open("/platform/tenants?q=brightwave&status=");
            assertThat(operator.page.locator("#tenant-list li").count()).isEqualTo(1);
            operator.page.locator("#tenant-list button").first().click();
            operator.page.waitForURL("**/home");
            assertThat(operator.page.innerText("#acting")).contains("You act for");
            operator.isSound("operator-acting").go("keys").isSound("operator-acting-keys");
            operator.click("back-to-platform").page.waitForURL("**/platform/tenants");
            assertThat(operator.page.locator("#nav-keys").count()).isZero();
        }
    }

    @Test
    void newPagesAreSoundInBothThemesAndWidths() {
        try (Portal portal = Portal.desktop(PRODUCT.url())) {
            for (String page : List.of("forgot", "mail")) {
                portal.open("/" + page).isSoundEverywhere(page);
            }
            portal.signIn("ada@northwind.example", PRODUCT.demoPassword());
            for (String page : List.of("team", "account", "audit")) {
                portal.open("/" + page).isSoundEverywhere(page);
            }
            portal.click("sign-out").page.waitForURL("**/sign-in*");
            portal.startSignIn("olivia@cognitionos.example", PRODUCT.demoPassword())
                    .page
                    .waitForURL("**/platform/tenants");
            for (String page : List.of("tenants", "staff", "flags")) {
                portal.open("/platform/" + page).isSoundEverywhere(page);
            }
        }
    }

    @Test
    void theAuditLogIsReadVerifiedAndTakenAway() {
        try (Portal owner = Portal.desktop(PRODUCT.url())) {
            owner.signIn("jonas@brightwave.example", PRODUCT.demoPassword()).go("audit");
            owner.click("verify:submit").says("entries are as they were entered");
            owner.isSound("audit-verified");
            assertThat(owner.page.locator("#entry-list li").count()).isPositive();
            String csv = owner.page
                    .request()
                    .get(PRODUCT.url() + owner.page.getAttribute("#export-csv", "href"))
                    .text();
            assertThat(csv).startsWith("seq,id,at").contains("\r\n1,");
            owner.open("/audit?action=user.signed_in");
            assertThat(owner.page.locator("#entry-list li").first().innerText())
                    .as("what one did oneself was not done by the platform")
                    .contains("You", "On Jonas")
                    .doesNotContain("Platform");
            owner.open("/audit?action=no.such.");
            assertThat(owner.text()).contains("No entry fits");
        }
    }

    @Test
    void aFormFromElsewhereOrWithoutThePagesNumberIsRefused() {
        try (Portal owner = Portal.desktop(PRODUCT.url())) {
            owner.signIn("ada@northwind.example", PRODUCT.demoPassword()).open("/keys");
            String state = owner.viewState();
            Map<String, String> create = Map.of(
                    "keys_SUBMIT",
                    "1",
                    "keys:name",
                    "forged",
                    "keys:access",
                    "SEND_USAGE",
                    "keys:create",
                    "keys:create");
            assertThat(owner.post("/keys", create, Map.of()).status())
                    .as("no view state")
                    .isEqualTo(403);
            for (String rubbish : List.of("stateless", "rubbish")) {
                assertThat(owner.post("/keys", with(create, rubbish), Map.of()).status())
                        .as(rubbish)
                        .isEqualTo(403);
            }
            assertThat(owner.post("/keys", with(create, state), Map.of("Origin", "https://evil.example"))
                            .status())
                    .as("another origin")
                    .isEqualTo(403);
            owner.open("/keys");
            assertThat(owner.text()).doesNotContain("forged");
            assertThat(owner.post("/choose-tenant", Map.of("tenant", "00000000-0000-7000-8000-000000000000"), Map.of())
                            .status())
                    .isEqualTo(403);
        }
    }

    private static Map<String, String> with(Map<String, String> fields, String state) {
        Map<String, String> more = new java.util.HashMap<>(fields);
        more.put("jakarta.faces.ViewState", state);
        return more;
    }

    @ParameterizedTest
    @CsvSource({"PUT, 405", "DELETE, 405", "RUBBISH, 405", "OPTIONS, 405"})
    void onlyReadingAndPostingIsThere(String method, int status) throws Exception {
        var reply = java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(java.net.URI.create(PRODUCT.url() + "/home"))
                                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody())
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(status);
        assertThat(reply.body()).doesNotContainIgnoringCase("exception").doesNotContain("SRVE", "MyFaces", "Liberty");
    }
}
