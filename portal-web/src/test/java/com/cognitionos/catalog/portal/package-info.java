@NullMarked
package com.cognitionos.catalog.portal;

import org.jspecify.annotations.NullMarked;
