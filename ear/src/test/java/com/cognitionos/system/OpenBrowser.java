package com.cognitionos.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A browser that was started already: a start takes longer than most of what is tried in one. What a person leaves behind
 * is in the context that each has alone. It serves one thread at a time, as Playwright demands.
 */
final class OpenBrowser {

    /** The first is Chromium without all that is drawn around a page, for a third of the work. */
    private static final List<String> BROWSERS = List.of(
            "chromium-headless-shell",
            "chrome-headless-shell",
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable");

    private static final Deque<OpenBrowser> IDLE = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> IDLE.forEach(one -> one.playwright.close())));
    }

    private final Playwright playwright;
    private final Browser browser;

    /** An installed Chromium, since Playwright's own is not always to be had. */
    private OpenBrowser() {
        Path chromium = chromium().orElse(null);
        Assumptions.assumeTrue(chromium != null, "no Chromium or Chrome is installed");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    static OpenBrowser take() {
        OpenBrowser idle = IDLE.pollFirst();
        return idle != null && idle.browser.isConnected() ? idle : new OpenBrowser();
    }

    void giveBack() {
        IDLE.addFirst(this);
    }

    BrowserContext context(Browser.NewContextOptions options) {
        return browser.newContext(options);
    }

    private static Optional<Path> chromium() {
        return BROWSERS.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
