"""Waiting for what a page can only be asked for.

`wait_for_function` takes a promise for true, and evaluates words that are no function again and
again in the page, which its Content-Security-Policy forbids."""

import asyncio

from playwright.async_api import Page

SECONDS = 30.0
PAUSE_MS = 50


async def comes_true(page: Page, script: str, arg: object = None) -> None:
    """Until the script, which may take its time, answers true."""
    async with asyncio.timeout(SECONDS):
        while not await page.evaluate(script, arg):
            await page.wait_for_timeout(PAUSE_MS)
