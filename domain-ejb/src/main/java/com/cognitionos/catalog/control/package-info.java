@NullMarked
package com.cognitionos.catalog.control;

import org.jspecify.annotations.NullMarked;
