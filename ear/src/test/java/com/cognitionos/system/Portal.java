package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.ViewportSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A person with a browser in the portal. */
final class Portal implements AutoCloseable {

    /**
     * Where pages are kept as pictures, by {@code -Dportal.pictures=target/pictures}. Else nowhere: to draw one takes longer
     * than all that is tried on it.
     */
    private static final String PICTURES = System.getProperty("portal.pictures", "");

    /** For what a slow machine shows late. */
    private static final double PATIENCE_MS = 30_000;

    private final OpenBrowser browser;
    private final BrowserContext context;
    private final String url;
    private final List<String> complaints = new ArrayList<>();
    final Page page;

    private Portal(String url, int width, int height, ColorScheme scheme) {
        this.url = url;
        browser = OpenBrowser.take();
        context = browser.context(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    static Portal desktop(String url) {
        return new Portal(url, 1280, 900, ColorScheme.LIGHT);
    }

    static Portal desktopInTheDark(String url) {
        return new Portal(url, 1280, 900, ColorScheme.DARK);
    }

    static Portal phone(String url) {
        return new Portal(url, 390, 844, ColorScheme.LIGHT);
    }

    static Portal phoneInTheDark(String url) {
        return new Portal(url, 390, 844, ColorScheme.DARK);
    }

    Portal open(String path) {
        page.navigate(url + path);
        return this;
    }

    Portal fill(String id, String value) {
        page.fill("[id='" + id + "']", value);
        return this;
    }

    Portal click(String id) {
        page.click("[id='" + id + "']");
        return this;
    }

    /** Follows a link of the navigation and waits until its page is there. */
    Portal go(String name) {
        click("nav-" + name);
        page.waitForURL(url + "/" + name);
        return this;
    }

    Portal signIn(String email, String password) {
        startSignIn(email, password);
        page.waitForURL(url + "/home");
        return this;
    }

    /** The form, the mail, its link and a password. */
    Portal signUp(String company, String name, String email, String password) {
        askToSignUp(company, name, email).says("A mail is on its way");
        page.navigate(linkFor(email, "/confirm"));
        fill("confirm:password", password).click("confirm:submit");
        page.waitForURL(url + "/home");
        return this;
    }

    Portal askToSignUp(String company, String name, String email) {
        return open("/sign-up")
                .fill("signup:company", company)
                .fill("signup:name", name)
                .fill("signup:email", email)
                .click("signup:submit");
    }

    /** Address and password; what follows depends on who it is. */
    Portal startSignIn(String email, String password) {
        return open("/sign-in")
                .fill("signin:email", email)
                .fill("signin:password", password)
                .click("signin:submit");
    }

    /** Opens the question behind a button of a row, by what it says for screen readers. */
    Portal ask(String summary) {
        page.locator("summary", new Page.LocatorOptions().setHasText(summary)).click();
        return this;
    }

    /** Waits until the focus is there. Not by a script of the page: polling evaluates it, which our CSP forbids. */
    Portal waitsAt(String selector) {
        PlaywrightAssertions.assertThat(page.locator(selector))
                .isFocused(new LocatorAssertions.IsFocusedOptions().setTimeout(PATIENCE_MS));
        return this;
    }

    /** Waits until the page says it. */
    Portal says(String words) {
        PlaywrightAssertions.assertThat(page.locator("body"))
                .containsText(
                        words,
                        new LocatorAssertions.ContainsTextOptions()
                                .setUseInnerText(true)
                                .setTimeout(PATIENCE_MS));
        return this;
    }

    /** Sends a form as somebody would who does not use the page. */
    APIResponse post(String path, Map<String, String> fields, Map<String, String> headers) {
        FormData form = FormData.create();
        fields.forEach(form::set);
        RequestOptions options = RequestOptions.create().setForm(form).setMaxRedirects(0);
        headers.forEach(options::setHeader);
        return page.request().post(url + path, options);
    }

    /** The hidden number of the page's forms. */
    String viewState() {
        return page.locator("input[name='jakarta.faces.ViewState']").first().getAttribute("value");
    }

    /** What a form of this page must carry to be one of its own. */
    Map<String, String> formOf(Map<String, String> fields) {
        Map<String, String> whole = new HashMap<>(fields);
        whole.put("jakarta.faces.ViewState", viewState());
        whole.put(
                "primefaces.nonce",
                page.locator("input[name='primefaces.nonce']").first().getAttribute("value"));
        return whole;
    }

    /** The newest link to that page in the demo's mails to that address. */
    String linkFor(String email, String where) {
        String[] found = {""};
        Await.until("a mail to " + email, 30, () -> {
            open("/mail");
            Locator mail = page.locator("#mail-list li", new Page.LocatorOptions().setHasText("To " + email));
            Locator link = mail.locator("a[href*='" + where + "?']");
            if (link.count() > 0) {
                found[0] = link.first().getAttribute("href");
            }
            return !found[0].isEmpty();
        });
        return found[0];
    }

    String text() {
        return page.innerText("body");
    }

    String path() {
        return page.url().substring(url.length());
    }

    /** No axe violation, no console error (a broken content security policy shows there), nothing wider than the window. */
    Portal isSound(String name) {
        return isSound(name, axe());
    }

    /** As {@link #isSound}, and in the dark, and on a phone: the page is the same, so it is made and read but once. */
    Portal isSoundEverywhere(String name) {
        ViewportSize size = page.viewportSize();
        isSound(name);
        page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK).setReducedMotion(ReducedMotion.REDUCE));
        isSound(name + "-dark", axe().withRules(List.of("color-contrast")));
        page.setViewportSize(390, 844);
        isSound(name + "-phone");
        page.setViewportSize(size.width, size.height);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        return this;
    }

    /** Without the page of its own in which it would put the results of frames together: no page here has frames. */
    private AxeBuilder axe() {
        return new AxeBuilder(page).setLegacyMode(true);
    }

    private Portal isSound(String name, AxeBuilder axe) {
        List<Rule> violations = axe.analyze().getViolations();
        assertThat(violations)
                .as("axe on %s", name)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                .isEmpty();
        assertThat(complaints).as("the browser's console on %s", name).isEmpty();
        assertThat((Integer)
                        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("overflow of %s", name)
                .isLessThanOrEqualTo(0);
        if (!PICTURES.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(PICTURES, name + ".png"))
                    .setFullPage(true));
        }
        return this;
    }

    @Override
    public void close() {
        context.close();
        browser.giveBack();
    }
}
