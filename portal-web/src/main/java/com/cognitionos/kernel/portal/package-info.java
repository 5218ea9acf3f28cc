/** What every page of the portal needs: headers, figures as people read them, messages. */
@NullMarked
package com.cognitionos.kernel.portal;

import org.jspecify.annotations.NullMarked;
