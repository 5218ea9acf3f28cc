package com.cognitionos.invoicing.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * The fonts of documents; a character is taken from the first one that has it. Latin, Greek, Cyrillic, Armenian, Georgian,
 * Hebrew, Arabic, Chinese, Japanese and Korean are shown as they are written, Devanagari and Bengali letter by letter.
 */
enum DocumentFont {
    TEXT("Source Sans Pro", "/fonts/SourceSansPro-Regular.ttf", 400),
    BOLD("Source Sans Pro", "/fonts/SourceSansPro-Bold.ttf", 700),
    MORE("DejaVu Sans", "/com/cognitionos/invoicing/fonts/DejaVuSans.ttf", 400, 700),
    EAST_ASIAN("Droid Sans Fallback", "/com/cognitionos/invoicing/fonts/DroidSansFallback.ttf", 400, 700),
    INDIC("FreeSans", "/FreeSans.ttf", 400, 700);

    /** What stands for a character that no font has. */
    private static final int BOX = 0x25A1;

    private final String family;
    private final String resource;
    private final List<Integer> weights;
    private final BitSet characters;

    DocumentFont(String family, String resource, Integer... weights) {
        this.family = family;
        this.resource = resource;
        this.weights = List.of(weights);
        this.characters = characters();
    }

    /** All of them, for CSS. */
    static String allForCss() {
        return Arrays.stream(values()).map(DocumentFont::forCss).distinct().collect(Collectors.joining(", "));
    }

    /** The text with a box for each character that no font has, and without those that would show nothing anyway. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (character < ' ' || Arrays.stream(values()).anyMatch(font -> font.characters.get(character))) {
                shown.appendCodePoint(character);
            } else if (!isInvisible(character)) {
                shown.appendCodePoint(BOX);
            }
        });
        return shown.toString();
    }

    String family() {
        return family;
    }

    String forCss() {
        return "'" + family + "'";
    }

    /** Whether it has all characters of a text. */
    boolean has(String text) {
        return text.codePoints().allMatch(character -> character < ' ' || characters.get(character));
    }

    List<Integer> weights() {
        return weights;
    }

    String resource() {
        return resource;
    }

    /** Without ligatures, which have no Unicode of their own, as PDF/A-3u asks. */
    TrueTypeFont read() throws IOException {
        TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(bytes(resource)));
        font.setEnableGsub(false);
        return font;
    }

    static byte[] bytes(String resource) throws IOException {
        try (InputStream stream = DocumentFont.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IOException("no resource " + resource);
            }
            return stream.readAllBytes();
        }
    }

    private static boolean isInvisible(int character) {
        int type = Character.getType(character);
        return type == Character.FORMAT
                || Character.UnicodeBlock.of(character) == Character.UnicodeBlock.VARIATION_SELECTORS;
    }

    private BitSet characters() {
        BitSet all = new BitSet();
        try (TrueTypeFont font = read()) {
            CmapLookup glyphs = font.getUnicodeCmapLookup();
            for (int character = ' '; character <= Character.MAX_CODE_POINT; character++) {
                if (glyphs.getGlyphId(character) != 0) {
                    all.set(character);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + this, e);
        }
        return all;
    }
}
