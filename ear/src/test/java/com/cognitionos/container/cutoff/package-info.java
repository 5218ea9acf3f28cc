/** A database driver that breaks off where a test says so. It lies on the server's side and shares no class with the tests. */
package com.cognitionos.container.cutoff;
