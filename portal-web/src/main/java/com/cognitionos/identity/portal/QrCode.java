package com.cognitionos.identity.portal;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.io.Serializable;
import java.util.Map;

/**
 * A QR code as a drawing that a page can hold itself: an image with its own address would put the secret into one.
 *
 * @param size of the square, in modules
 * @param path of the dark modules, as SVG writes it
 */
public record QrCode(int size, String path) implements Serializable {

    private static final int QUIET_ZONE = 4;

    static QrCode of(String text) {
        try {
            // Asked for 0 pixels, the writer makes one for each module.
            BitMatrix matrix = new QRCodeWriter()
                    .encode(text, BarcodeFormat.QR_CODE, 0, 0, Map.of(EncodeHintType.MARGIN, QUIET_ZONE));
            return new QrCode(matrix.getWidth(), path(matrix));
        } catch (WriterException e) {
            throw new IllegalArgumentException("too long for a QR code", e);
        }
    }

    private static String path(BitMatrix matrix) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < matrix.getHeight(); y++) {
            for (int x = 0; x < matrix.getWidth(); x++) {
                if (matrix.get(x, y)) {
                    int start = x;
                    while (x + 1 < matrix.getWidth() && matrix.get(x + 1, y)) {
                        x++;
                    }
                    int run = x - start + 1;
                    path.append('M')
                            .append(start)
                            .append(' ')
                            .append(y)
                            .append('h')
                            .append(run);
                    path.append("v1h-").append(run).append('z');
                }
            }
        }
        return path.toString();
    }
}
