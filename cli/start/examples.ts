import type { Endpoints } from '../../local/service/endpoints.ts';

/** Commands to paste: an upload, the figures that it leads to, and where the rest is. */
export function examples({ api, sellerKey }: Pick<Endpoints, 'api' | 'sellerKey'>): string {
  return `Upload an order:

curl ${api}/api/orders/upload -H "authorization: Bearer ${sellerKey}" -H 'content-type: application/json' -d '${UPLOAD}'

Read the seller's figures:

curl '${api}/api/orders/stats?user=test_seller' -H "authorization: Bearer ${sellerKey}"

Every other route, with programs to copy: ${api}/api/docs`;
}

const UPLOAD = `{
  "user": "test_seller",
  "orders": [
    {
      "order_number": "12345",
      "created_at": "2025-11-12T10:00:00Z",
      "total_amount": 2500.00,
      "status": "delivered",
      "items": [
        {"sku": "tea01", "name": "Чай зелёный", "quantity": 2, "price": 500},
        {"sku": "cup01", "name": "Чашка фарфоровая", "quantity": 1, "price": 1500}
      ]
    }
  ]
}`;
