"""The pictures of people."""

from uuid import UUID

from tertulia.core.tx import Tx


async def put(tx: Tx, account_id: UUID, image: bytes, name: str) -> None:
    await tx.conn.execute(
        """
        INSERT INTO account_pictures (account_id, image) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET image = excluded.image
        """,
        account_id,
        image,
    )
    await tx.conn.execute("UPDATE accounts SET avatar = $2 WHERE id = $1", account_id, name)


async def drop(tx: Tx, account_id: UUID) -> None:
    await tx.conn.execute("DELETE FROM account_pictures WHERE account_id = $1", account_id)
    await tx.conn.execute("UPDATE accounts SET avatar = NULL WHERE id = $1", account_id)


async def find(tx: Tx, account_id: UUID) -> bytes | None:
    return await tx.conn.fetchval(
        "SELECT image FROM account_pictures WHERE account_id = $1", account_id
    )
