package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/** People in the browser: second factor, invitation, reset, sessions, more tenants than one. */
@SharedProduct
class PortalPeopleIT {

    private static final Product PRODUCT = Product.shared();
    private static final String PASSWORD = "seven herons over a quiet lake";

    private static Portal signedUp(String name, String company) {
        Portal portal = Portal.desktop(PRODUCT.url());
        String email = name + "@" + company + ".example";
        return portal.signUp(company, name, email, PASSWORD);
    }

    @Test
    void signingUpSaysTheSameToWhoeverHasAnAccountAndTheMailTells() {
        try (Portal portal = Portal.desktop(PRODUCT.url());
                Portal mail = Portal.desktop(PRODUCT.url())) {
            portal.askToSignUp("First & Co", "Pia", "pia@first.example").says("A mail is on its way");
            String words = portal.page.innerText("#asked");
            portal.isSound("sign-up-asked");
            String link = mail.linkFor("pia@first.example", "/confirm");
            portal.page.navigate(link);
            assertThat(portal.path()).as("the token leaves the address").isEqualTo("/confirm");
            portal.isSound("sign-up-confirm")
                    .fill("confirm:password", "password1234")
                    .click("confirm:submit")
                    .says("one of the first that anybody would try");
            portal.fill("confirm:password", PASSWORD)
                    .click("confirm:submit")
                    .page
                    .waitForURL("**/home");
            assertThat(portal.text()).contains("First & Co");

            mail.askToSignUp("Second", "Somebody", " Pia@first.example").says("A mail is on its way");
            assertThat(mail.page.innerText("#asked").replace("Pia@", "pia@")).isEqualTo(words);
            Await.until(
                    "a mail that tells", 30, () -> mail.open("/mail").text().contains("You have an account already"));
            mail.page.navigate(link);
            assertThat(mail.text()).as("once").contains("This link is no good any more");
        }
    }

    @Test
    void aSecondFactorIsSetUpAndAskedForAndARecoveryCodeDoesOnce() {
        try (Portal portal = signedUp("vera", "second-step");
                Portal other = Portal.desktop(PRODUCT.url())) {
            other.signIn("vera@second-step.example", PASSWORD);
            portal.go("account").click("begin:submit");
            portal.page.waitForSelector("#totp-secret");
            portal.isSound("account-enrol");
            String secret = portal.page.innerText("#totp-secret");
            portal.fill("enrol:code", "000000").click("enrol:submit").says("code");
            assertThat(portal.page.innerText("#totp-secret"))
                    .as("a mistyped code")
                    .isEqualTo(secret);
            portal.fill("enrol:code", Totp.code(secret, 0)).click("enrol:submit");
            portal.page.waitForSelector("#codes");
            List<String> codes =
                    portal.page.innerText("#codes").lines().map(String::strip).toList();
            assertThat(codes).hasSize(10).doesNotHaveDuplicates();
            assertThat(portal.page.innerText("#factor-state")).isEqualTo("On");
            portal.isSound("account-codes");
            other.open("/home");
            assertThat(other.path()).as("every other session ends").startsWith("/sign-in");

            portal.click("sign-out").page.waitForURL("**/sign-in*");
            portal.startSignIn("vera@second-step.example", PASSWORD).page.waitForURL("**/sign-in-code*");
            portal.isSound("sign-in-code").open("/home");
            assertThat(portal.path()).as("no access before the code").startsWith("/sign-in");
            portal.open("/sign-in-code")
                    .fill("code:code", "000000")
                    .click("code:submit")
                    .says("The code is wrong");
            portal.fill("code:code", Totp.code(secret, 1))
                    .click("code:submit")
                    .page
                    .waitForURL("**/home");

            portal.click("sign-out").page.waitForURL("**/sign-in*");
            portal.startSignIn("vera@second-step.example", PASSWORD).page.waitForURL("**/sign-in-code*");
            portal.fill("code:code", codes.get(3)).click("code:submit").page.waitForURL("**/home");
            portal.click("sign-out").page.waitForURL("**/sign-in*");
            portal.startSignIn("vera@second-step.example", PASSWORD).page.waitForURL("**/sign-in-code*");
            portal.fill("code:code", codes.get(3)).click("code:submit").says("The code is wrong");
        }
    }

    @Test
    void anInvitationLeadsFromTheMailToTheFirstPageAndToASecondTenant() {
        try (Portal owner = signedUp("olga", "inviters");
                Portal second = signedUp("nils", "other-inviters");
                Portal mail = Portal.desktop(PRODUCT.url());
                Portal guest = Portal.desktop(PRODUCT.url())) {
            invite(owner, "gast@inviters.example", "viewer");
            owner.isSound("team-invited");
            String link = mail.linkFor("gast@inviters.example", "/invitation");
            mail.isSound("mail");
            guest.page.navigate(link);
            assertThat(guest.path()).as("the token leaves the address").isEqualTo("/invitation");
            guest.isSound("invitation")
                    .fill("join:name", "Gast")
                    .fill("join:password", "nineteen yellow bicycles")
                    .click("join:submit");
            guest.page.waitForURL("**/home");
            assertThat(guest.page.innerText("#tenant-name")).isEqualTo("inviters");

            invite(second, "gast@inviters.example", "developer");
            String secondLink = "";
            while (secondLink.isEmpty() || secondLink.equals(link)) {
                secondLink = mail.linkFor("gast@inviters.example", "/invitation");
            }
            owner.page.navigate(secondLink);
            assertThat(owner.text()).contains("You are signed in as olga@inviters.example");
            owner.isSound("invitation-of-another");
            guest.page.navigate(secondLink);
            guest.click("accept:submit").page.waitForURL("**/home");
            assertThat(guest.page.innerText("#tenant-name")).isEqualTo("other-inviters");
            assertThat(guest.page.locator("#nav-keys").count())
                    .as("a developer there")
                    .isEqualTo(1);
            guest.click("tenant-name").isSound("tenant-menu");
            guest.page
                    .locator("#tenant-menu button", new Page.LocatorOptions().setHasText("inviters"))
                    .first()
                    .click();
            guest.page.waitForCondition(
                    () -> guest.page.innerText("#tenant-name").equals("inviters"));
            assertThat(guest.page.locator("#nav-keys").count())
                    .as("a viewer here")
                    .isZero();
            assertThat(guest.page.navigate(PRODUCT.url() + "/keys").status()).isEqualTo(403);

            mail.page.navigate(link);
            assertThat(mail.text()).contains("This invitation is no good any more");
        }
    }

    private static void invite(Portal portal, String email, String role) {
        portal.go("team").fill("invite:email", email);
        portal.page.selectOption("[id='invite:role']", role.toUpperCase(java.util.Locale.ROOT));
        portal.click("invite:submit").says("An invitation is on its way to " + email);
    }

    @Test
    void aForgottenPasswordIsReplacedByALinkThatWorksOnce() {
        try (Portal portal = signedUp("remi", "forgetters");
                Portal other = Portal.desktop(PRODUCT.url())) {
            other.open("/forgot")
                    .isSound("forgot")
                    .fill("forgot:email", "nobody@forgetters.example")
                    .click("forgot:submit");
            String words = other.page.innerText("#asked");
            other.open("/forgot")
                    .fill("forgot:email", "remi@forgetters.example")
                    .click("forgot:submit");
            assertThat(other.page.innerText("#asked")).isEqualTo(words);
            String link = other.linkFor("remi@forgetters.example", "/reset");
            other.page.navigate(link);
            assertThat(other.path()).isEqualTo("/reset");
            other.isSound("reset")
                    .fill("reset:password", "short")
                    .click("reset:submit")
                    .says("12");
            other.fill("reset:password", "a new one with owls in it")
                    .click("reset:submit")
                    .says("Your password is changed");
            portal.open("/home");
            assertThat(portal.path()).as("all sessions end").startsWith("/sign-in");
            other.page.navigate(link);
            assertThat(other.text()).contains("This link is no good any more");
            other.signIn("remi@forgetters.example", "a new one with owls in it");
        }
    }

    @Test
    void aSessionIsEndedFromAnotherBrowser() {
        try (Portal here = signedUp("sid", "sessions");
                Portal there = Portal.phone(PRODUCT.url())) {
            there.signIn("sid@sessions.example", PASSWORD);
            here.go("account").isSound("account-sessions");
            assertThat(here.page.locator("#session-list li").count()).isEqualTo(2);
            here.page.locator("#session-list button").first().click();
            here.says("That session is ended");
            there.open("/home");
            assertThat(there.path()).startsWith("/sign-in");
            here.open("/home");
            assertThat(here.path()).isEqualTo("/home");
        }
    }
}
